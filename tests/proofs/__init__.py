"""Proofs: what must hold for every rule of the law there is, generated from the law itself.

``YIQI_PROOFS=full`` looks at many more examples; ``.ci/run`` does. ``new`` looks at other ones in every run.
"""
