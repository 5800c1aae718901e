"""The cheapest way from a no to a yes: a small exact program read off the law, solved by HiGHS, checked by the judge."""
