"""Working days, statutory deadlines and the duties that run on them. Pure Python; knows no database and no web."""
