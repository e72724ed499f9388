"""Largest moves and how far they have come back."""

import numpy as np

from g7warn.models.kernels.moves import largest_move, reversal


def test_the_largest_rise_and_fall_over_any_span_are_found() -> None:
    log_prices = np.array([[0.0, 0.3, 0.1, 0.2]])
    np.testing.assert_allclose(
        largest_move(log_prices, is_up=True, spans=(1, 3))[0], [np.nan, 0.3, -0.2, 0.2]
    )
    np.testing.assert_allclose(
        largest_move(log_prices, is_up=False, spans=(1, 3))[0], [np.nan, 0.3, -0.2, 0.1]
    )


def test_a_missing_month_has_no_move_and_gives_none() -> None:
    moves = largest_move(np.array([[0.0, np.nan, 0.4]]), is_up=True, spans=(1,))
    assert np.isnan(moves).all()


def test_a_reversal_is_measured_from_the_extreme_of_the_window() -> None:
    log_prices = np.array([[0.0, 1.0, 0.4, 0.6, 0.5]])
    np.testing.assert_allclose(reversal(log_prices, is_up=True)[0], [0.0, 0.0, 0.6, 0.4, 0.5])
    np.testing.assert_allclose(
        reversal(log_prices, is_up=True, window=2)[0], [0.0, 0.0, 0.6, 0.0, 0.1], atol=1e-12
    )
    np.testing.assert_allclose(reversal(log_prices, is_up=False)[0], [0.0, 1.0, 0.4, 0.6, 0.5])
