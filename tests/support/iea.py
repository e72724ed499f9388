"""Small workbooks as the International Energy Agency lays them out, written by hand."""

from __future__ import annotations

from tests.support.payloads import write_xlsx


def make_iea_cm() -> bytes:
    titles = [None, None, None, "Stated policies scenario", None]
    years = [None, 2022, None, 2030, 2050]
    block = [
        [],
        ["Total demand (kt)"],
        titles,
        years,
        ["Lithium"],
        ["Total demand", 130.5, None, 318, 603],
    ]
    flat = [["Mineral demand (kt)"], [], titles, years, ["Tin", 1.25, None, 1.75, 2.5]]
    return write_xlsx(
        {"1 Total demand for key minerals": block, "3.2 Cleantech demand by mineral": flat}
    )


def make_iea_supply() -> bytes:
    gap = [None] * 6
    return write_xlsx(
        {
            "2 Total supply for key minerals": [
                [],
                ["Total supply for key minerals - base case (kt)"],
                [],
                [None, 2024, 2030, None, None, None, None, 2024, 2030],
                [],
                ["Lithium - Mining", *gap[1:], "Lithium - Chemicals"],
                ["Australia", 90.5, 130, *gap[3:], "China", 170, 300],
                ["Democratic Republic of Congo", 2.5, 20, *gap[3:], "Chile", 48, 60],
                [],
                ["Rest of world", 107, 200, *gap[3:], "Rest of world", 12, 90],
                ["Total", 200, 350, *gap[3:], "Total clean technologies", 230, 450],
                ["Top 3 share", 0.77, 0.6, *gap[3:], "Top 3 share", 0.96, 0.9],
                ["Notes: supply is in lithium content.", 2024],
            ]
        }
    )


def make_gevo() -> bytes:
    header = ["region_country", "category", "parameter", "mode", "powertrain", "year", "unit"]
    rows = [
        ["China", "Historical", "Battery demand", "Cars", "EV", 2024, "GWh", 380, "=1+1"],
        ["World", "Projection-STEPS", "EV stock", "Cars", "BEV", 2030, "Vehicles", 150, None],
        ["Europe", "Historical", "EV stock", "Cars", "BEV", 2024, "Vehicles", 9, None],
    ]
    return write_xlsx({"GEVO_EV_2025": [[*header, "value", "Aggregate group"], *rows]})
