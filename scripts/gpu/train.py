"""Trains the bundle, or the rows of the paper's tables, on a bare GPU machine that is ours for a few minutes (see models/training/README.md).

    python3 scripts/gpu/train.py --node PATH --program DIR --work DIR --out DIR [--minutes 9] [--widths 32,64] [--cases 362,60,124]
        [--worlds compartments,growth]
    python3 scripts/gpu/train.py --node PATH --program DIR --work DIR --out DIR --rows [unet,dsa-ltdnet] [--seeds 1,2,3] [--workers N]

Renders and prepares the patients on all processors, trains, evaluates, exports, and ends within its minutes. Results appear in --out as soon as
they exist: results.json (what was done, updated every 20 seconds), train.log, curves-wN.png and the bundle bundle-wN.tar in parts of 15 MiB, or
tables.md and tables.tar.gz. At most 7 files and 60 MiB go there; parts beyond that wait in WORK/home, and results.json lists all of them:

    cat bundle-w32.tar.part-* | tar x

Started again with the same --work it goes on where it was cut. Exit code 0: done, or out of time with a result; 1: failed; 2: bad input;
143: ended by SIGTERM.
"""

import time

STARTED = time.monotonic()

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[2] / "models" / "training"
sys.path.insert(0, str(TRAINING))

from training.experiments import MONAI_NETWORKS, PAPER, rows
from worlds import WORLDS
from cli_errors import positive, positive_number, positives, stop

FIRST_SEEDS = {"train": 100001, "validate": 200001, "test": 300001}
SHARD = 8  # patients
PART = 15 * 2**20  # bytes
MOST_FILES, MOST_BYTES = 7, 60 * 2**20
EPOCHS = {"bundle": 150, "tables": 15}
COST = 1.8  # an epoch costs about width ** 1.8: 3.5 times as much at width 64 as at 32
RESERVE = 50  # seconds to evaluate and export the last width in
TICK = 20  # seconds
VERSION = "0.5.0"
MACHINE = """
import json, platform, torch
cuda = torch.cuda.is_available()
print(json.dumps({"gpu": torch.cuda.get_device_name() if cuda else None, "torch": torch.__version__, "cuda": torch.version.cuda if cuda else None,
    "python": platform.python_version()}))
"""


class Failed(Exception):
    """A stage that did not end well, in one line."""


class Cut(BaseException):
    """SIGTERM or SIGINT."""


class Results:
    """results.json and train.log in `out`, and the files beside them."""

    def __init__(self, given):
        self.out, self.home, self.lock, self.placed = given.out, given.work / "home", threading.RLock(), {}
        self.slots = MOST_FILES - 2 - (2 if given.rows else len(given.widths))
        settings = {key: str(value) if isinstance(value, Path) else value for key, value in vars(given).items()}
        self.content = {"ended": "still running", "seconds": 0, "settings": settings, "machine": {"cores": os.cpu_count()}, "stages": []}
        self.log = open(self.out / "train.log", "ab", buffering=0)

    def say(self, text):
        line = f"[{time.monotonic() - STARTED:6.1f} s] {text}\n"
        self.log.write(line.encode())
        sys.stderr.write(line)
        sys.stderr.flush()

    def save(self, **changed):
        with self.lock:
            self.content |= changed | {"seconds": round(time.monotonic() - STARTED, 1)}
            self.write("results.json", (json.dumps(self.content, indent=2) + "\n").encode())

    def note(self, kind, name, **changed):
        """Adds to what is known of one width, say, and saves."""
        with self.lock:
            self.content.setdefault(kind, {}).setdefault(str(name), {}).update(changed)
            self.save()

    def write(self, name, data, folder=None):
        """At one stroke. The part that a kill may leave lies outside `out` where that is on the same file system."""
        part = self.home.parent / f"{name}.new"
        part.write_bytes(data)
        target = (folder or self.out) / name
        try:
            part.replace(target)
        except OSError:
            near = target.with_name(f"{name}.new")
            shutil.copyfile(part, near)
            near.replace(target)
            part.unlink()

    def place(self, name, data):
        """A part of a bundle: to `out` while there is room, else to WORK/home. Says where."""
        with self.lock:
            room = len(self.placed) < self.slots and sum(self.placed.values()) + len(data) < MOST_BYTES - 2 * 2**20
            if room:
                self.placed[name] = len(data)
            self.home.mkdir(exist_ok=True)
            (self.home / name).unlink(missing_ok=True)
            self.write(name, data, None if room else self.home)
            return {"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "at": "out" if room else "home"}

    @contextlib.contextmanager
    def stage(self, name):
        started = time.monotonic()
        self.say(f"{name}: begins")
        try:
            yield
        finally:
            with self.lock:
                self.content["stages"].append({"name": name, "seconds": round(time.monotonic() - started, 1)})
                self.save()
            self.say(f"{name}: {time.monotonic() - started:.1f} s")


class Children:
    """Child processes, each in a process group of its own, so that all of them can be ended."""

    def __init__(self):
        self.lock, self.running, self.ended = threading.Lock(), set(), False

    def start(self, command, log, output=None, cwd=None):
        with self.lock:
            if self.ended:
                raise Failed("out of time")
            streams = {"stdin": subprocess.DEVNULL, "stdout": output or log, "stderr": log}
            child = subprocess.Popen(list(map(str, command)), **streams, cwd=cwd, process_group=0)
            self.running.add(child)
            return child

    def wait(self, child, until, tick=None):
        """Its exit code; it is ended at `until` (time.monotonic). Calls `tick` now and then."""
        ticked = time.monotonic()
        try:
            while child.poll() is None:
                if time.monotonic() > until:
                    self.stop([child])
                    break
                time.sleep(0.1)
                if tick and time.monotonic() - ticked > TICK:
                    tick()
                    ticked = time.monotonic()
        finally:
            if child.poll() is not None:
                with self.lock:
                    self.running.discard(child)
        return child.returncode

    def run(self, command, log, until, tick=None):
        return self.wait(self.start(command, log), until, tick)

    def stop(self, children, grace=3.0):
        """SIGTERM to each; after a while SIGKILL to what is left of its group."""
        for child in children:
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + grace
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.05, until - time.monotonic()))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def end(self, grace=3.0):
        """Ends all, and lets none be started any more."""
        with self.lock:
            self.ended = True
            running = list(self.running)
        self.stop(running, grace)


class Run:
    """One run of this program: its arguments, its deadline, and its stages."""

    def __init__(self, given):
        self.given, self.results, self.children = given, Results(given), Children()
        self.deadline = STARTED + 60 * given.minutes - 4
        self.reserve = min(RESERVE, 0.35 * 60 * given.minutes)
        self.cores = os.cpu_count() or 1
        self.counts = dict(zip(FIRST_SEEDS, given.cases)) | {world: given.cases[0] for world in given.worlds}
        self.patients = {part: given.work / "patients" / f"{part}-{count}" for part, count in self.counts.items()}

    def python(self, script, *command):
        return [sys.executable, "-u", TRAINING / script, *command]

    def machine(self):
        """What computes here. Also brings torch from a cold disk into memory while the patients are rendered."""
        try:
            with open(self.given.work / "machine.json", "wb") as output:
                self.children.wait(self.children.start([sys.executable, "-c", MACHINE], self.results.log, output), self.deadline)
            known = json.loads((self.given.work / "machine.json").read_text())
            self.results.save(machine=self.results.content["machine"] | known)
        except (Failed, ValueError):
            self.results.say("torch does not say what machine this is")

    def prepare_patients(self):
        """Renders and prepares the patients that are not there yet, on all processors."""
        shards = [shard for part, count in self.counts.items() for shard in self.missing(part, count)]
        with self.results.stage("patients"):
            pool = ThreadPoolExecutor(self.cores)
            waiting = [pool.submit(self.prepare_shard, *shard) for shard in shards]
            try:
                wait(waiting, return_when=FIRST_EXCEPTION, timeout=max(0, self.deadline - time.monotonic()))
                for job in waiting:
                    if not job.done():
                        raise Failed("the patients: out of time")
                    job.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        self.results.save(patients={part: len(list(folder.glob("*.npz"))) for part, folder in self.patients.items()})

    def missing(self, part, count):
        """(part, first seed, how many) of the patients that are not there, in runs of at most SHARD."""
        first, shards = FIRST_SEEDS.get(part, 1), []
        for seed in range(first, first + count):
            if (self.patients[part] / (f"{seed}.npz" if part in FIRST_SEEDS else f"{part}-{seed}.npz")).exists():
                continue
            if shards and shards[-1][1] + shards[-1][2] == seed and shards[-1][2] < SHARD:
                shards[-1] = (part, shards[-1][1], shards[-1][2] + 1)
            else:
                shards.append((part, seed, 1))
        return shards

    def prepare_shard(self, part, seed, count):
        rendered = self.given.work / "rendered" / f"{part}-{seed}"
        shutil.rmtree(rendered, ignore_errors=True)
        rendered.mkdir(parents=True)
        render = [self.given.node, self.given.program / "dist/phantom/data/write-stacks.node.js", "--out", rendered, "--cases", count, "--seed", seed]
        log = self.given.work / "rendered" / f"{part}-{seed}.txt"
        steps = [("rendering", render), ("prepare.py", self.python("prepare.py", rendered, self.patients[part]))]
        if part not in FIRST_SEEDS:
            steps = [("simulate.py", self.python("simulate.py", part, self.patients[part], "--cases", count, "--seed", seed))]
        for what, command in steps:
            with open(log, "wb") as output:
                code = self.children.run(command, output, self.deadline)
            if code != 0:
                lines = log.read_text(errors="replace").strip().splitlines()
                raise Failed(f"{what} of {part} {seed}: exit code {code}: {lines[-1][-200:] if lines else ''}")
        shutil.rmtree(rendered)
        log.unlink()

    def bundles(self):
        """Trains each width in its share of the time that is left. A width is evaluated and exported while the next one trains."""
        finishing, widths = [], self.given.widths
        for index, width in enumerate(widths):
            share = (self.deadline - self.reserve - time.monotonic()) * width**COST / sum(other**COST for other in widths[index:])
            if share < 1:
                self.results.note("widths", width, problem="no time was left to train")
                continue
            with self.results.stage(f"train width {width}"):
                self.train(width, share)
            finishing.append(threading.Thread(target=self.finish, args=(width,), daemon=True))
            finishing[-1].start()
        for thread in finishing:
            while thread.is_alive() and time.monotonic() < self.deadline:
                thread.join(0.2)
        known = self.results.content.get("widths", {}).values()
        if not any("bundle" in width for width in known):
            raise Failed("no bundle came out")
        if any(width.get("trainExitCode", 0) > 0 for width in known):
            return "some trainings failed"
        return "complete" if all("bundle" in width and "evaluation" in width for width in known) else "out of time"

    def train(self, width, share):
        at, given = self.folder(width), self.given
        command = self.python("train.py", "--row", "bundle", "--no-half", "--width", width, "--epochs", given.epochs, "--out", at)
        command += ["--train", *(self.patients[part] for part in ("train", *given.worlds)), "--validate", self.patients["validate"], "--minutes", f"{share / 60:.4f}"]
        command += ["--threads", min(8, self.cores)] + (["--tdl-epochs", given.tdl_epochs] if given.tdl_epochs else [])
        tell = lambda: self.results.note("widths", width, **epochs_seen(at))
        code = self.children.run(command, self.results.log, min(time.monotonic() + share + 8, self.deadline - 0.7 * self.reserve), tell)
        self.results.note("widths", width, minutes=round(share / 60, 2), trainExitCode=code, **epochs_seen(at))

    def folder(self, width):
        return self.given.work / f"bundle-w{width}"

    def finish(self, width):
        """Curves, evaluation, export and the packed bundle of one width, as far as there is a checkpoint and time."""
        at, note = self.folder(width), lambda **changed: self.results.note("widths", width, **changed)
        try:
            if not (at / "checkpoint.pt").exists():
                note(problem="no checkpoint")
                return
            with self.results.stage(f"evaluate and export width {width}"):
                self.evaluate_and_export(width, at, note)
        except Failed as failure:
            note(problem=str(failure))
        except Exception as failure:
            note(problem=f"{type(failure).__name__}: {failure}")

    def evaluate_and_export(self, width, at, note):
        """Both at once: the evaluation is the GPU's work, the export the processors'. The card then takes the evaluation's threshold and measures."""
        log, bundle, seen = self.results.log, at / "bundle", epochs_seen(at)
        evaluate = self.python("evaluate.py", "--checkpoint", at / "checkpoint.pt", "--data", self.patients["test"], "--out", at)
        evaluate += ["--validate", self.patients["validate"], "--threads", min(8, self.cores)]
        about = f"{self.given.cases[0]} simulated patients of each of {1 + len(self.given.worlds)} worlds, {seen.get('epochs', 0)} of {self.given.epochs} epochs, width {width}"
        export = self.python("export.py", "--checkpoint", at / "checkpoint.pt", "--golden", self.patients["validate"], "--out", bundle)
        export += ["--version", VERSION, "--trained-on", about, "--precision", "fp16", "--threads", max(1, self.cores // 2)]
        export += ["--threshold", seen["threshold"]] if "threshold" in seen else []
        (at / "evaluation.json").unlink(missing_ok=True)
        (bundle / "model.json").unlink(missing_ok=True)
        with open(at / "export.json", "wb") as printed:
            exporting, evaluating = self.children.start(export, log, printed), self.children.start(evaluate, log)
            self.curves(width, at)
            exported = self.children.wait(exporting, self.deadline - 4)
        evaluated = self.children.wait(evaluating, self.deadline - 3)
        if evaluated == 0:
            note(evaluation=json.loads((at / "evaluation.json").read_text()))
        if not (bundle / "model.json").exists():
            raise Failed(f"export.py: exit code {exported}")
        if evaluated == 0:
            complete_card(bundle / "model.json", self.results.content["widths"][str(width)]["evaluation"])
        if exported == 0:
            note(export=json.loads((at / "export.json").read_text()))
        note(bundle=self.pack(f"bundle-w{width}", bundle))

    def curves(self, width, at):
        """Drawn again where the training was cut before it drew them."""
        if not (at / "curves.png").exists():
            draw = "import pathlib, sys; from training.curves import draw_curves; draw_curves(pathlib.Path(sys.argv[1]))"
            self.children.wait(self.children.start([sys.executable, "-c", draw, at], self.results.log, cwd=TRAINING), self.deadline - 4)
        if (at / "curves.png").exists():
            self.results.write(f"curves-w{width}.png", (at / "curves.png").read_bytes())

    def pack(self, name, folder):
        """NAME.tar of a folder, in parts; the list of them."""
        whole = self.given.work / f"{name}.tar"
        with tarfile.open(whole, "w") as tar:
            for path in sorted(folder.iterdir()):
                tar.add(path, f"{name}/{path.name}")
        data = whole.read_bytes()
        whole.unlink()
        parts = [self.results.place(f"{name}.tar.part-{n // PART:02}", data[n : n + PART]) for n in range(0, len(data), PART)]
        return {"tar": f"{name}.tar", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "parts": parts}

    def tables(self):
        """Trains and evaluates rows with several seeds side by side until all are done or the time is over, then writes the tables."""
        given, at = self.given, self.given.work / "tables"
        at.mkdir(exist_ok=True)
        command = self.python("tables.py", "train", "--out", at, "--rows", ",".join(given.rows), "--seeds", ",".join(map(str, given.seeds)))
        for part, folder in self.patients.items():
            command += [f"--{part}", folder]
        command += ["--epochs", given.epochs, "--workers", given.workers, "--threads", max(1, min(4, self.cores // given.workers))]
        command += ["--tdl-epochs", given.tdl_epochs] if given.tdl_epochs else []
        until = self.deadline - min(30, 0.5 * self.reserve)
        told = 0

        def tell():
            nonlocal told
            done = list(at.glob("*/seed-*/evaluation.json"))
            if len(done) > told:
                told = len(done)
                self.write_tables(at)

        with self.results.stage("tables"):
            code = self.children.run(command, self.results.log, until, tell)
        for path in sorted(at.glob("*/seed-*/job.txt")):
            if code != 0 and path.parent.parent.name != "tdl" and not path.with_name("evaluation.json").exists():
                last = path.read_text(errors="replace").strip().splitlines()[-1:]
                self.results.say(f"{path.parent.parent.name}, {path.parent.name}: not evaluated: {''.join(last)[-300:]}")
        evaluated = self.write_tables(at)
        if not evaluated:
            raise Failed("no training was evaluated")
        return "complete" if code == 0 else "out of time" if time.monotonic() > until else "some trainings failed"

    def write_tables(self, at):
        """tables.md, and the evaluations and logs in tables.tar.gz. Returns how many evaluations there are."""
        with open(self.given.work / "report.md", "wb") as report:
            told = self.children.wait(self.children.start(self.python("tables.py", "report", "--out", at), self.results.log, report), self.deadline)
        if told == 0:
            self.results.write("tables.md", (self.given.work / "report.md").read_bytes())
        packed = self.given.work / "tables.new.tar.gz"
        with tarfile.open(packed, "w:gz") as tar:
            for path in sorted(at.glob("*/seed-*/*")):
                if path.name in ("evaluation.json", "patients.csv", "lesions.csv", "log.jsonl"):
                    tar.add(path, f"tables/{path.relative_to(at)}")
        self.results.write("tables.tar.gz", packed.read_bytes())
        evaluations = sorted(at.glob("*/seed-*/evaluation.json"))
        dice = {f"{path.parent.parent.name} {path.parent.name}": json.loads(path.read_text())["dice"] for path in evaluations}
        self.results.save(tables={"evaluated": len(dice), "of": len(self.given.rows) * len(self.given.seeds), "dice": dice})
        return len(dice)

    def watch(self):
        """Ends everything when the time is over, whatever this program is doing."""
        time.sleep(max(0, self.deadline + 0.5 - time.monotonic()))
        self.children.end(grace=1)
        time.sleep(max(0, self.deadline + 3 - time.monotonic()))
        self.results.save(ended="out of time")
        os._exit(0 if self.results.placed or (self.given.out / "tables.md").exists() else 1)

    def all(self):
        """Every stage; the exit code."""
        threading.Thread(target=self.watch, daemon=True).start()
        code = 1
        try:
            self.results.save()
            threading.Thread(target=self.machine, daemon=True).start()
            self.prepare_patients()
            self.results.save(ended=self.tables() if self.given.rows else self.bundles())
            code = 0 if self.results.content["ended"] != "some trainings failed" else 1
        except Failed as failure:
            self.results.save(ended="failed", problem=str(failure))
        except Cut:
            code = 128 + signal.SIGTERM
            self.results.save(ended="cut by a signal")
        finally:
            self.children.end()
            self.results.save()
            self.results.say(f"{self.results.content['ended']}{': ' + self.results.content['problem'] if 'problem' in self.results.content else ''}")
        return code


def epochs_seen(at):
    """What log.jsonl says of a training: its epochs, the last line, and the threshold and Dice of the last validation."""
    path, lines = at / "log.jsonl", []
    for text in path.read_text().splitlines() if path.exists() else []:
        with contextlib.suppress(ValueError):
            lines.append(json.loads(text))
    if not lines:
        return {}
    checked = [line for line in lines if "dice" in line]
    validated = {"threshold": checked[-1]["threshold"], "validationDice": checked[-1]["dice"]} if checked else {}
    seconds = sorted(line["seconds"] for line in lines)
    return {"epochs": lines[-1]["epoch"], "secondsPerEpoch": seconds[len(seconds) // 2], "lastEpoch": lines[-1]} | validated


def complete_card(path, evaluation):
    """The threshold that the evaluation chose on the validation patients, and its measures."""
    card = json.loads(path.read_text())
    card["thresholds"]["tumour"], card["metrics"] = evaluation["threshold"], evaluation
    part = path.with_name("model.part")
    part.write_text(json.dumps(card, indent=2) + "\n")
    part.replace(path)


def arguments():
    parser = argparse.ArgumentParser(description="Trains the bundle or the tables' rows on a machine that is ours for a few minutes.")
    parser.add_argument("--node", required=True, metavar="PATH", help="a Node binary")
    parser.add_argument("--program", required=True, type=Path, metavar="DIR", help="where the built program is: DIR/dist")
    parser.add_argument("--work", required=True, type=Path, metavar="DIR", help="patients, trainings, and home/ with what did not fit into --out")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="for the results")
    parser.add_argument("--minutes", type=positive_number, default=9, help="wall-clock minutes in all (default 9)")
    parser.add_argument("--widths", type=positives, default=[32, 64], help="of the bundle's row (default 32,64)")
    parser.add_argument("--rows", nargs="?", const="", metavar="NAMES", help="train rows of the tables instead, all or these")
    parser.add_argument("--seeds", type=positives, default=[1, 2, 3], help="of the rows (default 1,2,3)")
    parser.add_argument("--cases", type=positives, default=[362, 60, 124], help="patients to train, validate and test on (default 362,60,124)")
    worlds = lambda text: text.split(",") if text else []
    parser.add_argument("--worlds", type=worlds, default=WORLDS, help=f"further worlds to train the bundle on (default {','.join(WORLDS)}; '': none)")
    parser.add_argument("--workers", type=positive, help="rows side by side (default half the processors, at most 8)")
    parser.add_argument("--epochs", type=positive, help=f"default {EPOCHS['bundle']}, with --rows {EPOCHS['tables']}")
    parser.add_argument("--tdl-epochs", type=positive, help="epochs of TDL's first stage")
    return parser.parse_args()


def checked(given):
    """The arguments with their defaults. Exits with 2 on what cannot be used; rows that need MONAI are left out where it is missing."""
    given.node = shutil.which(given.node) or stop(f"--node: expected a Node binary, got {given.node}")
    script = given.program / "dist/phantom/data/write-stacks.node.js"
    if not script.exists():
        stop(f"--program: expected the built program, found no {script}")
    if len(given.cases) != 3:
        stop(f"--cases: expected three numbers (train, validate, test), got {len(given.cases)}")
    for name, values in (("widths", given.widths), ("seeds", given.seeds)):
        if len(set(values)) < len(values):
            stop(f"--{name}: expected different numbers, got {','.join(map(str, values))}")
    for world in given.worlds:
        if world not in WORLDS:
            stop(f"--worlds: unknown world {world}; expected some of {', '.join(WORLDS)}")
    if given.rows is not None:
        given.worlds = []  # the paper's tables are of the phantom alone
    given.epochs = given.epochs or EPOCHS["bundle" if given.rows is None else "tables"]
    given.workers = given.workers or max(1, min(8, (os.cpu_count() or 1) // 2))
    if given.rows is not None:
        given.rows = usable_rows(given.rows)
    for folder in (given.work, given.out):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            stop(f"{folder}: expected a folder: {error.strerror}")
    given.work, given.out = given.work.resolve(), given.out.resolve()
    return given


def usable_rows(text):
    known = rows()
    names = text.split(",") if text else [row.name for row in known.values() if PAPER & set(row.tables)]
    for name in names:
        if name not in known or known[name].network == "tdl":
            stop(f"--rows: unknown row {name}; expected some of {', '.join(row.name for row in known.values() if row.network != 'tdl')}")
    lacking = [name for name in names if known[name].network in MONAI_NETWORKS] if importlib.util.find_spec("monai") is None else []
    if lacking:
        print(f"left out, as MONAI is not installed: {', '.join(lacking)}", file=sys.stderr)
    return [name for name in names if name not in lacking] or stop("--rows: none is left")


def main():
    given = checked(arguments())

    def cut(number, _):
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        raise Cut

    run = Run(given)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, cut)
    sys.exit(run.all())


if __name__ == "__main__":
    main()
