"""What many write first: a loop with requests, with or without urllib3's retries for POST.

python requests_loop.py leads.csv URL TOKEN RETRIES > answers.csv
"""

from __future__ import annotations

import csv
import json
import sys

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

PATH = "/Integra/resources/Dialers/DialerTask"


def main(leads: str, url: str, token: str, retries: int) -> None:
    """Send every row, and say for each whether the dialer answered 1."""
    session = requests.Session()
    session.headers["Authorization"] = f"Basic {token}"
    policy = Retry(
        total=retries,
        backoff_factor=0.05,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods={"POST"},
    )
    session.mount("http://", HTTPAdapter(max_retries=policy if retries else 0))
    answers = csv.writer(sys.stdout)
    with open(leads, encoding="utf-8", newline="") as file:  # noqa: PTH123
        for row in csv.DictReader(file):
            answers.writerow([row["phone"], "in" if _send(session, url, row) else "failed"])


def _send(session: requests.Session, url: str, row: dict[str, str]) -> bool:
    task = {
        "calldate": None,
        "campaign": row["campaign"],
        "destination": row["phone"],
        "alternatives": "",
        "agent": "",
        "data": row["data"],
        "source": "source",
        "bulk": False,
        "automatic": True,
    }
    try:
        answer = session.post(url + PATH, data={"call": json.dumps(task)}, timeout=30)
    except requests.RequestException:
        return False
    return answer.ok and answer.text.strip() == "1"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
