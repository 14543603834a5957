"""The job "night" as a DAG of Airflow 3; a retry goes on where the run before it stopped."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

PROGRAM = ["/opt/bulk-loader/bin/python", "-P", "-m", "bulk_loader"]
JOB = ["job", "run", "night", "--config", "/etc/bulk-loader/bulk_loader.toml"]
# All that it needs: variables of the worker, such as a proxy, have to be named here.
ENVIRONMENT = {
    "BULK_LOADER_HOME": "/var/lib/bulk-loader",
    "BULK_LOADER_TOKEN_FILE": "/etc/bulk-loader/token",
}
# Stopped early, locked by another run, interrupted: the same command goes on.
GO_ON_LATER = {4, 6, 130}


@dag(
    schedule="0 2 * * 1-5",
    start_date=pendulum.datetime(2026, 1, 1, tz="America/Montevideo"),
    catchup=False,  # lists of last week are not to be called now
    max_active_runs=1,
)
def bulk_loader_night() -> None:
    """One run a night."""

    @task(retries=3, retry_delay=timedelta(minutes=15))
    def load() -> None:
        """Airflow retries what raises AirflowException, and nothing else."""
        code = subprocess.run([*PROGRAM, *JOB], env=ENVIRONMENT, check=False).returncode
        if code in GO_ON_LATER or code < 0:  # below zero: a signal ended it
            raise AirflowException(f"bulk-loader ended with {code}; the next try goes on")
        if code:
            raise AirflowFailException(f"bulk-loader ended with {code}: a person has to look")

    load()


bulk_loader_night()
