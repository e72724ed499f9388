"""How good the alerts have been: events, scores, track record, backtest.

Promise: a forecast or an alert is scored by what came after it and by nothing known before; each
figure names its sample, and what could not be scored is counted and not left out.
May import: `archive` and everything below it.
To add a score, write it in the module of its kind, with its definition and source in the docstring.
"""
