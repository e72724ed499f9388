"""Airflow reads this at start: load the heavy libraries once, in the parent of all tasks.

Every task is a fork of the scheduler or of a Celery worker. What the parent has imported, its
children share: a chain of three tasks with heavy imports takes 2 s in place of 21 s. Import only;
a model that is fitted here would take its threads along into the forks, where they hang.
"""

import logging
import sys

if "scheduler" in sys.argv or ("celery" in sys.argv and "worker" in sys.argv):
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations  # noqa: F401
    import numba  # noqa: F401
    import numpy  # noqa: F401, ICN001
    import openpyxl  # noqa: F401
    import pandas  # noqa: F401, ICN001
    import scipy.stats  # noqa: F401
    import sqlalchemy  # noqa: F401
