"""Relief: which measures an enterprise may claim on a day, what each gives, what goes together, and how to claim.

What a measure asks and gives stands in ``law/relief`` and ``law/local``. Here is what the law language does not say: the
list, the best combination, the days to keep, and the price of one bid.
"""
