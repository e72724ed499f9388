"""What stress means for a mineral: one indicator a file, a registry in `base`.

Promise: an indicator is a pure function of a `Panel`, which holds what was known at its `as_of`
and nothing later; every signal carries the number, the threshold, the periods and the vintage it
rests on, and says every fallback it took. Indicators stand in folders by family.

May import: errors, domain, models, NumPy, pandas. No input or output, no clock.

To add an indicator, add a file to the folder of its family with a class under `@register`; it is
found by itself, and `tests/contract/test_indicators.py` asks it to keep the promise.
"""
