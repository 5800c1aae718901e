"""What is owed on a late receivable: interest to the fen, by segment, under every reading. Pure Python over typed values.

==============  =======================================================================================================
``claim``       one receivable: principal, due date, payments, costs, the day asked about
``plan``        a rate over time, known up to a day and never carried beyond it
``readings``    what the texts leave open, by name
``interest``    segments, payments set against costs, interest and principal, what is owed; the other readings beside it
``rates``       which rate each situation of the law means in numbers; ``lpr`` the loan prime rates
``between``     interest under a rate that is a range
``abroad``      the rules of other places, for exporters: ``foreign_rules``, ``half_years``, ``monthly_rests``
``wording``     amounts, rates and segments as people read them
==============  =======================================================================================================

::

    claim = Claim(principal=10_000_000, due=datetime.date(2025, 7, 31), as_of=datetime.date(2025, 8, 30))
    interest(claim, statutory_daily_rate().low).owed_fen   # 30 days at 0.05% of 100,000 yuan: 150_000 fen
"""
