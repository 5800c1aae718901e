"""`python -m yiqi`: the command line."""

from yiqi.cli import main

if __name__ == "__main__":
    main(prog_name="yiqi")
