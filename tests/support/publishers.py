"""One small payload of every dataset in its publisher's format, written by hand, and its facts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from tests.support.iea import make_gevo, make_iea_cm, make_iea_supply
from tests.support.payloads import (
    make_mcs_wide,
    make_pink_sheet,
    make_sdmx_ml,
    write_xlsx,
)

Facts = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A payload, what stands in it by (series, period), and the text of the first of these."""

    body: bytes
    facts: Facts
    written: str = ""


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def make_usitc(*, title: str = "Customs Value", flow: str = "Imports For Consumption") -> bytes:
    header = ["Data Type", "Country", "HTS Number", "Description", "Quantity Description"]
    years = ["2024", "2025", "2026"]
    top = [[f"{flow}|Annual + Year-To-Date Data from Jan - Apr"], ["Data Row Count", 2.0]]
    ree = ["China", "2846", "RARE-EARTH COMPOUNDS"]
    values = [
        [title, *ree, "Value for: kilograms", 100.0, 300.0, 50.0],
        [title, *ree, "Value for: metric tons", 10.0, 20.0, 5.0],
        ["Total: ", "", "", "", "", "110", "320", "55"],
    ]
    weights = [
        ["First Unit of Quantity", *ree, "kilograms", 2000.0, 3000.0, 500.0],
        ["First Unit of Quantity", *ree, "metric tons", 1.0, 2.0, 1.0],
    ]
    return write_xlsx(
        {
            "Query Parameters": [["Download Date", datetime(2026, 7, 10, 16, 57)]],  # noqa: DTZ001
            title: [*top, [*header, *years], *values],
            "First Unit of Quantity": [*top, [*header, *years], *weights],
        }
    )


def make_ds140() -> bytes:
    return write_xlsx(
        {
            "Lithium": [
                ["LITHIUM STATISTICS1"],
                ["U.S. GEOLOGICAL SURVEY"],
                ["Last modification: August 2, 2023"],
                ["Year", "Production", "Imports", "World production (lithium content)"],
                [2020, "W", 2460, 82700],
                [2021, "W", 2640, "=1+1"],
                ["NA Not available."],
            ]
        }
    )


def make_comtrade(**changes: object) -> bytes:
    record = {
        "period": "2010",
        "reporterISO": "CHN",
        "reporterDesc": "China",
        "partnerISO": "MYS",
        "partnerDesc": "Malaysia",
        "flowCode": "M",
        "cmdCode": "2846",
        "netWgt": 5000.0,
        "isNetWgtEstimated": True,
        "primaryValue": 100000.0,
    }
    absurd = {**record, "partnerISO": "JPN", "partnerDesc": "Japan", "netWgt": 0}
    records = [{**record, **changes}, absurd]
    return json.dumps({"count": len(records), "data": records}).encode()


def make_komis() -> bytes:
    metal = {
        "name": "Neodymium (Nd)",
        "today": {"date": "2026.03.27", "value": 117.0, "unit": "USD/kg"},
        "history": [
            {"date": "2026.03.26", "value": 117.46},
            {"date": "2026.03.27", "value": 117.0},
        ],
    }
    return json.dumps({"updated": "2026-03-30 07:12", "metals": [metal]}).encode()


def make_notices() -> bytes:
    notice = {
        "notice_id": "cn-2025-61",
        "stage": "suspended",
        "measure": "export_licence",
        "country": "China",
        "announced_on": "2025-11-07",
        "effective_on": "2025-11-10",
        "title": "Suspension of licences for rare earths",
        "source_url": "https://gazette.example/61",
        "hs": "2846;280530",
        "minerals": "rare earths",
        "hazards": "2026-11-10 suspension expires",
    }
    return json.dumps({"notices": [notice]}).encode()


BGS_HEADER = (
    "bgs_statistic_type_trans,bgs_commodity_trans,bgs_sub_commodity_trans,country_trans,"
    "country_iso3_code,units,year,quantity,sdmx_code"
)
_PCPS = '<Obs TIME_PERIOD="2024-01" OBS_VALUE="16.5"/><Obs TIME_PERIOD="2024-02" OBS_VALUE="17"/>'
_WB = "market.price.world.worldbank"

SAMPLES: dict[str, Sample] = {
    "worldbank": Sample(
        body=make_pink_sheet(),
        facts={
            (f"copper.{_WB}", "2024-11"): 9075.7,
            (f"copper.{_WB}", "2024-12"): 8916.3,
            (f"nickel.{_WB}", "2024-11"): 15721.6,
            (f"nickel.{_WB}", "2024-12"): 15444.4,
            (f"iron_ore.{_WB}", "2024-11"): 102.2,
            (f"iron_ore.{_WB}", "2024-12"): 105.1,
            (f"gold.{_WB}", "2024-11"): 2651.1,
            (f"gold.{_WB}", "2024-12"): 2648.0,
        },
    ),
    "usgs_mcs": Sample(
        body=make_mcs_wide(),
        written="41400",
        facts={
            ("lithium.mine.production.cl.usgs", "2023"): 41400,
            ("lithium.mine.production.cl.usgs", "2024"): 49000,
            ("lithium.reserve.reserves.cl.usgs", "2024"): 9300000,
            ("lithium.mine.production.world.usgs", "2023"): 204000,
            ("lithium.mine.production.world.usgs", "2024"): 240000,
            ("lithium.reserve.reserves.world.usgs", "2024"): 30000000,
            ("gallium.refine.production.cn.usgs", "2023"): 600,
            ("gallium.refine.production.cn.usgs", "2024"): 750,
            ("gallium.refine.capacity.cn.usgs", "2023"): 1000,
            ("gallium.refine.capacity.cn.usgs", "2024"): 1100,
        },
    ),
    "usgs_salient": Sample(
        body=lines(
            "DataSource,Commodity,Year,USprod_t,Imports_t,Exports_t,Consump_t,Price_dt,"
            "Employment_num,NIR_pct",
            "MCS2025,Lithium,2023,W,3390,1960,W,41300,70,>50",
            "MCS2025,Lithium,2024,W,3300,1700,W,14000,70,>50",
        ),
        written="3390",
        facts={
            ("lithium.trade.imports_weight.us.usgs_salient", "2023"): 3390,
            ("lithium.trade.imports_weight.us.usgs_salient", "2024"): 3300,
            ("lithium.trade.exports_weight.us.usgs_salient", "2023"): 1960,
            ("lithium.trade.exports_weight.us.usgs_salient", "2024"): 1700,
            ("lithium.market.price.us.usgs_salient", "2023"): 41300,
            ("lithium.market.price.us.usgs_salient", "2024"): 14000,
            ("lithium.mine.employment.us.usgs_salient", "2023"): 70,
            ("lithium.mine.employment.us.usgs_salient", "2024"): 70,
        },
    ),
    "usgs_ds140": Sample(
        body=make_ds140(),
        facts={
            ("lithium.trade.imports_weight.us.usgs_ds140", "2020"): 2460,
            ("lithium.trade.imports_weight.us.usgs_ds140", "2021"): 2640,
            ("lithium.mine.production.world.usgs_ds140", "2020"): 82700,
        },
    ),
    "bgs": Sample(
        body=lines(
            BGS_HEADER,
            'Production,"nickel, mine",,Soviet Union,SUN,tonnes (metal content),'
            "1980-01-01 00:00:00,143000,A",
            'Production,"nickel, mine",,Indonesia,IDN,tonnes (metal content),'
            "2023-01-01 00:00:00,2030000,E",
            'Production,"nickel, mine",,Cuba,CUB,tonnes (metal content),2023-01-01 00:00:00,,O',
        ),
        written="143000",
        facts={
            ("nickel.mine.production.suhh.bgs", "1980"): 143000,
            ("nickel.mine.production.id.bgs", "2023"): 2030000,
        },
    ),
    "eu_crm": Sample(
        body=lines(
            "Material,Stage,Country,Share,t", "Lithium,E,Chile,25.5%,1.0", "Lithium,E,Spain,<0.1%,1"
        ),
        written="25.5%",
        facts={("lithium.mine.share.cl.eu_crm", "2020"): 25.5},
    ),
    "eu_crm_sourcing": Sample(
        body=lines("Material,Stage,Country,Share,t", "Lithium,P,Chile,79%,1.0"),
        written="79%",
        facts={("lithium.refine.eu_sourcing_share.cl.eu_crm", "2020"): 79},
    ),
    "iea_cm": Sample(
        body=make_iea_cm(),
        facts={
            ("lithium.use.demand.world.iea", "2022"): 130500,
            ("lithium.use.demand_steps.world.iea", "2030"): 318000,
            ("lithium.use.demand_steps.world.iea", "2050"): 603000,
            ("tin.use.cleantech_demand.world.iea", "2022"): 1250,
            ("tin.use.cleantech_demand_steps.world.iea", "2030"): 1750,
            ("tin.use.cleantech_demand_steps.world.iea", "2050"): 2500,
        },
    ),
    "iea_supply": Sample(
        body=make_iea_supply(),
        facts={
            ("lithium.mine.production.au.iea", "2024"): 90500,
            ("lithium.mine.production_base_case.au.iea", "2030"): 130000,
            ("lithium.mine.production.cd.iea", "2024"): 2500,
            ("lithium.mine.production_base_case.cd.iea", "2030"): 20000,
            ("lithium.mine.production.world.iea", "2024"): 200000,
            ("lithium.mine.production_base_case.world.iea", "2030"): 350000,
            ("lithium.refine.production.cn.iea", "2024"): 170000,
            ("lithium.refine.production_base_case.cn.iea", "2030"): 300000,
            ("lithium.refine.production.cl.iea", "2024"): 48000,
            ("lithium.refine.production_base_case.cl.iea", "2030"): 60000,
            ("lithium.refine.production.world.iea", "2024"): 230000,
            ("lithium.refine.production_base_case.world.iea", "2030"): 450000,
        },
    ),
    "iea_gevo": Sample(
        body=make_gevo(),
        facts={
            ("battery.use.demand_cars_ev.cn.iea_gevo", "2024"): 380,
            ("electric_vehicles.use.stock_cars_bev_steps.world.iea_gevo", "2030"): 150,
        },
    ),
    "comtrade": Sample(
        body=make_comtrade(),
        written="100000.0",
        facts={
            ("rare_earths.trade.imports_value_2846.cn_my.comtrade", "2010"): 100000,
            ("rare_earths.trade.imports_weight_2846.cn_my.comtrade", "2010"): 5,
            ("rare_earths.trade.imports_value_2846.cn_jp.comtrade", "2010"): 100000,
        },
    ),
    "usitc": Sample(
        body=make_usitc(),
        facts={
            ("rare_earths.trade.imports_value_2846.us_cn.usitc", "2024"): 110,
            ("rare_earths.trade.imports_value_2846.us_cn.usitc", "2025"): 320,
            ("rare_earths.trade.imports_weight_2846.us_cn.usitc", "2024"): 3,
            ("rare_earths.trade.imports_weight_2846.us_cn.usitc", "2025"): 5,
        },
    ),
    "comext": Sample(
        body=lines(
            "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,"
            "TIME_PERIOD,OBS_VALUE",
            "ESTAT:DS(1.0),16/07/26 11:00,M,DE,CN,2846,1,VALUE_IN_EUROS,2024-01,125000",
            "ESTAT:DS(1.0),16/07/26 11:00,M,DE,CN,2846,1,QUANTITY_IN_100KG,2024-01,40",
            "ESTAT:DS(1.0),16/07/26 11:00,M,EU27_2020,CN,2846,1,VALUE_IN_EUROS,2024-01,7",
            "ESTAT:DS(1.0),16/07/26 11:00,M,DE,EXT_EU27_2020,2846,1,VALUE_IN_EUROS,2024-01,9",
        ),
        written="125000",
        facts={
            ("rare_earths.trade.imports_value_2846.de_cn.comext", "2024-01"): 125000,
            ("rare_earths.trade.imports_weight_2846.de_cn.comext", "2024-01"): 4,
            ("rare_earths.trade.imports_value_2846.eu_cn.comext", "2024-01"): 7,
        },
    ),
    "imf_pcps": Sample(
        body=make_sdmx_ml(_PCPS),
        written="16.5",
        facts={
            ("nickel.market.price.world.imf", "2024-01"): 16.5,
            ("nickel.market.price.world.imf", "2024-02"): 17,
        },
    ),
    "oecd_cli": Sample(
        body=lines(
            "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,FREQ,MEASURE,Measure,UNIT_MEASURE,ADJUSTMENT,"
            "TIME_PERIOD,OBS_VALUE,OBS_STATUS",
            "DATAFLOW,CLI(4.1),I,USA,M,LI,Indicator,IX,AA,2026-03,100.7803,A",
        ),
        written="100.7803",
        facts={("economy.market.leading_indicator.us.oecd", "2026-03"): 100.7803},
    ),
    "oecd_restrictions": Sample(
        body=lines(
            "DATAFLOW,REF_AREA,COMMODITY,MEASURE,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE",
            "OECD:EXR(1.0),CHN,RARE_EARTHS,EXPORT_QUOTA,NUMBER,2012,17",
        ),
        written="17",
        facts={("rare_earths.inventory.export_quota.cn.oecd", "2012"): 17},
    ),
    "fred": Sample(
        body=lines(
            "observation_date,PNICKUSDM,PCOPPUSDM", "2024-01-01,16000.5,8300", "2024-02-01,.,8310"
        ),
        written="16000.5",
        facts={
            ("nickel.market.price.world.fred", "2024-01"): 16000.5,
            ("copper.market.price.world.fred", "2024-01"): 8300,
            ("copper.market.price.world.fred", "2024-02"): 8310,
        },
    ),
    "fred_fx": Sample(
        body=lines("DATE,DEXCHUS", "2024-01-02,7.14"),
        written="7.14",
        facts={("cny.market.exchange_rate.world.fred", "2024-01-02"): 7.14},
    ),
    "komis": Sample(
        body=make_komis(),
        written="117.46",
        facts={
            ("neodymium.market.price.world.komis", "2026-03-26"): 117.46,
            ("neodymium.market.price.world.komis", "2026-03-27"): 117,
        },
    ),
    "daily_close": Sample(
        body=lines(
            "date,name,unit,close,low,high",
            "2025-03-03,nickel,USD/t,15500,,",
            "2025-03-04,cobalt,USD/lb,,10,11",
        ),
        written="15500",
        facts={
            ("nickel.market.price.world.daily_close", "2025-03-03"): 15500,
            ("cobalt.market.price.world.daily_close", "2025-03-04"): 10.5,
            ("cobalt.market.price_low.world.daily_close", "2025-03-04"): 10,
            ("cobalt.market.price_high.world.daily_close", "2025-03-04"): 11,
        },
    ),
    "exchange_stocks": Sample(
        body=lines(
            "date,metal,location,stock,cancelled,unit",
            '2025-03-03,Nickel,Netherlands,"61,200",1200,t',
        ),
        written='"61,200"',
        facts={
            ("nickel.stock.exchange_level.nl.exchange_stocks", "2025-03-03"): 61200,
            ("nickel.stock.exchange_cancelled.nl.exchange_stocks", "2025-03-03"): 1200,
        },
    ),
    "reported_stocks": Sample(
        body=lines(
            "REF_AREA,TIME_PERIOD,MINERAL,FLOW_BREAKDOWN,UNIT_MEASURE,OBS_VALUE,ASSESSMENT_CODE",
            "JP,2025-01,NICKEL,CLOSTLV,KTONS,12.5,1",
            "JP,2025-02,NICKEL,CLOSTLV,KTONS,-,3",
        ),
        written="12.5",
        facts={("nickel.stock.level.jp.reported", "2025-01"): 12500},
    ),
    "policy_notices": Sample(
        body=make_notices(),
        written='"suspended"',
        facts={
            ("rare_earths.policy.export_licence.cn.policy_notices", "2025-11-10"): 2,
            ("rare_earths.policy.hazard.cn.policy_notices", "2026-11-10"): 1,
        },
    ),
    "member_submission": Sample(
        body=lines(
            "MINERAL,STAGE,MEASURE,REF_AREA,CONTRIBUTOR,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,"
            "OBS_STATUS,CONF_STATUS",
            "nickel,stock,level,JP,JP1,KT,2025-01,12.5,A,C",
        ),
        written="12.5",
        facts={("nickel.stock.level.jp.member_jp1", "2025-01"): 12.5},
    ),
}
