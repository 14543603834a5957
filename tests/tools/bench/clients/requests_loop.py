"""What many people write first: a loop that posts one row after another over one session."""

import sys
from pathlib import Path

import requests

url, bodies, _ = sys.argv[1:]
headers = {
    "Authorization": "Basic measured",
    "Content-Type": "application/x-www-form-urlencoded",
}
with requests.Session() as session:
    for body in Path(bodies).read_text().splitlines():
        answer = session.post(url, data=body, headers=headers)
        assert answer.text == "1", answer.text
