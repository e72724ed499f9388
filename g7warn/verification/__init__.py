"""How good the alerts have been: events, scores, track record, backtest."""
