"""Load by wrk: contenders in turn, round by round, and the medians."""
import math
import re
import statistics
import subprocess
from dataclasses import dataclass

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4, "h": 3.6e6}
SIZES = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


@dataclass
class Run:
    rate: float       # answers a second
    p50: float        # milliseconds
    p99: float
    size: float       # bytes an answer, head included
    bad: int          # answers that were not 2xx, and broken connections


@dataclass
class Target:
    name: str
    url: str
    token: str


def milliseconds(text):
    found = re.fullmatch(r"([\d.]+)(us|ms|s|m|h)", text)
    return float(found[1]) * UNITS[found[2]] if found else float("nan")


def wrk(target, seconds, connections, script=None):
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency",
               "-H", f"Authorization: Bearer {target.token}"]
    if script:
        command += ["-s", str(script)]
    done = subprocess.run(command + [target.url], capture_output=True, text=True, timeout=seconds + 60)
    text = done.stdout

    def find(pattern):
        found = re.search(pattern, text)
        if not found:
            raise RuntimeError(f"wrk said nothing useful about {target.name}:\n{text}{done.stderr}")
        return found

    requests, read, unit = find(r"(\d+) requests in [\d.]+\w+, ([\d.]+)(B|KB|MB|GB) read").groups()
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return Run(
        rate=float(find(r"Requests/sec:\s+([\d.]+)")[1]),
        p50=milliseconds(find(r"50%\s+(\S+)")[1]),
        p99=milliseconds(find(r"99%\s+(\S+)")[1]),
        size=float(read) * SIZES[unit] / max(1, int(requests)),
        bad=int(bad[1] if bad else 0) + sum(map(int, broken.groups() if broken else ())),
    )


@dataclass
class Series:
    runs: list

    def median(self, what):
        # wrk now and then prints -nan for a percentile of a short run.
        known = [value for run in self.runs if not math.isnan(value := getattr(run, what))]
        return statistics.median(known) if known else math.nan

    @property
    def bad(self):
        return sum(run.bad for run in self.runs)


def interleave(targets, rounds, seconds, connections, script=None):
    """{name: Series}. Every contender is warmed for a second, then each round runs all of them once."""
    series = {target.name: Series([]) for target in targets}
    for target in targets:
        wrk(target, 1, connections, script)
    for _ in range(rounds):
        for target in targets:
            run = wrk(target, seconds, connections, script)
            if not run.rate:
                raise RuntimeError(f"{target.name} answered nothing within {seconds} s")
            series[target.name].runs.append(run)
    return series


def ratio(series, one, other):
    """Median of the ratios of rates, round by round."""
    return statistics.median(a.rate / b.rate for a, b in zip(series[one].runs, series[other].runs))
