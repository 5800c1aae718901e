"""Working days, statutory deadlines and the duties that run on them. Pure Python; knows no database and no web.

=====================  ================================================================================================
``workdays``           the calendar: what a day is, how many working days lie between two, when the n-th is over
``holidays``           the notices and festivals it is made of; ``holiday_files`` reads them from ``law/calendar/``
``unannounced``        what a notice that is not out may still decide: why an answer can be a range
``deadline``           when a period ends; ``counting`` counts it, ``answer`` is what comes back
``readings``           what the texts leave open, by name; ``sources`` the articles
``question``           a question in English or Chinese, read
``duties``             the steps of the law's procedures, named and counted
``complaint``          a complaint about an overdue payment: ``complaint_events``, ``complaint_periods``
``document``           answers as JSON; ``calendar_file`` as calendar events; ``wording`` how days are written
=====================  ================================================================================================

::

    calendar = load_calendar()
    deadline(datetime.date(2026, 9, 18), Period(10, "working_days"), calendar).last   # a DayRange: 9 October 2026
    calendar.move(datetime.date(2026, 10, 1))                                         # off a rest day: 8 October 2026
"""
