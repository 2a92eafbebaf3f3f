"""Make the pictures of README: start the app, open pages on the shop sample, and photograph them.

    .venv/bin/python docs/screenshot.py                    # all of them
    .venv/bin/python docs/screenshot.py funnel clv         # these pages

Needs the test requirements and a Chromium on the PATH (or Playwright's own). Writes docs/<page>-light.png and
docs/<page>-dark.png.
"""

import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PORT = 8599
ADDRESS = f"http://127.0.0.1:{PORT}"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAGES = {  # a page's address -> the settings that its link carries beside the sample
    "funnel": "",
    "segments": "",
    "clv": "margin=0.55",
    "campaigns": "margin=0.55",
    "attribution": "",
}
WIDTH, HEIGHT = 1440, 900
PATIENCE = 60_000  # milliseconds that a page has to show its picture


def main(pages: list[str]) -> None:
    unknown = sorted(set(pages) - set(PAGES))
    if unknown:
        raise SystemExit(f"No such page: {', '.join(unknown)}. There are {', '.join(PAGES)}.")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(PORT)]
    server = subprocess.Popen([*command, "--server.address", "127.0.0.1"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until_healthy()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for name in pages or PAGES:
                for scheme in ("light", "dark"):
                    photograph(browser, name, scheme)
            browser.close()
    finally:
        server.terminate()
        server.wait(10)


def wait_until_healthy(seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{ADDRESS}/_stcore/health", timeout=1).read()
            return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def photograph(browser, name: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)
    page.goto(f"{ADDRESS}/{name}?data=shop" + (f"&{PAGES[name]}" if PAGES[name] else ""))
    page.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').first.wait_for(timeout=PATIENCE)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=PATIENCE)
    page.wait_for_timeout(1500)  # fonts and transitions
    page.screenshot(path=ROOT / "docs" / f"{name}-{scheme}.png")
    page.close()


if __name__ == "__main__":
    main(sys.argv[1:])
