"""Yiqi (益企): China's support system for small and medium-sized enterprises, as software.

Each legal instrument is one Markdown file in `law/`, and that file runs. `yiqi.law` reads the files, `yiqi.facts`
reads what is known of an enterprise, `yiqi.judge` gives the answer with its reasons.
"""

__version__ = "0.1.0"
