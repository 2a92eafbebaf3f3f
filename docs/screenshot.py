"""Make the pictures of README: start the app, open the shop sample's funnel, and photograph it.

    .venv/bin/python docs/screenshot.py

Needs the test requirements and a Chromium on the PATH (or Playwright's own). Writes docs/funnel-light.png and
docs/funnel-dark.png.
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


def main() -> None:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(PORT)]
    server = subprocess.Popen([*command, "--server.address", "127.0.0.1"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until_healthy()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for scheme in ("light", "dark"):
                photograph(browser, scheme)
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


def photograph(browser, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page.goto(f"{ADDRESS}/funnel?data=shop")
    page.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').first.wait_for(timeout=60_000)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    page.wait_for_timeout(1500)  # fonts and transitions
    page.screenshot(path=ROOT / "docs" / f"funnel-{scheme}.png")
    page.close()


if __name__ == "__main__":
    main()
