"""Generic time-series models on (series x month) matrices; knows no mineral and does no I/O.

Promise: a matrix is float64, one row a series, one column a calendar month without holes in the
calendar, NaN = missing, natural logarithm of the price. The last column is "now": a past forecast
is made by cutting the matrix. No function writes to its input; randomness comes from a seed alone.

The calls that signals and the pipeline need::

    model = fit_stress_model(pool, seed=0)                       # models.probability
        -> StressModel; fit_stress_or_fall_back(pool, seed=0) where the pool may be too small
    answer = model.predict(log_prices, context=None)
        -> StressForecast: forecast (QuantileForecast), odds by target name (`onset_up_6` ...):
           probability, first_passage, needed_log_move, terms; volatility_ratio
    forecast = predict_quantiles(log_prices, model=None, context=None)   # models.forecast
        -> QuantileForecast: log_quantiles (series x horizon x level), basis (fallbacks by name)
    passage = first_passage_probability(forecast)                # models.probability
        -> PassageProbabilities: up, down (series x severity x horizon), monotone in both
    answer = UntrainedStressModel(forecaster=fitted).predict(log_prices)   # models.probability
        -> the same StressForecast by first passage alone
    forecast = anchor_on_close(forecast, log_close)              # where a daily feed exists
    payload = pack_model(model, facts); model, facts = unpack_model(payload)   # models.artefact

`context` is the whole panel when `log_prices` is a shard of it: shards then give what one piece
gives. Horizons are 1, 3, 6 and 12 months; severities +25/+50/+100 % and -20/-33/-50 %.

May import: errors, clock, domain, NumPy, SciPy, numba, statsmodels.

To add a forecaster, write `forecast/<name>.py` with a class under `@register_forecaster` and import
it in `forecast/__init__.py`; the contract tests find it by the register.
"""
