"""The paper's tables, and the table of worlds left out: trains many rows with many seeds, evaluates them, writes the tables.

    python tables.py train    --train DIR --validate DIR --out DIR [--test DIR] [--rows unet,dsa-ltdnet] [--seeds 1,2,3] [--workers 2] [--threads 1]
    python tables.py evaluate --validate DIR --test DIR --out DIR
    python tables.py worlds   --worlds DIR --out DIR [--rows bundle,bundle-style] [--seeds 1,2] [--init BUNDLE] [--only ffs] [--minutes M]
    python tables.py report   --out DIR

OUT/ROW/seed-N is the folder of one training; what is finished is skipped, what was stopped goes on. `report` prints
what is there, in Markdown.

`worlds` trains each row once for each simulator: on the patients of all others, the threshold chosen on theirs, and evaluates it on those of
the one left out. DIR has a folder for each simulator, with the folders train, validate and test. OUT/ROW/without-WORLD/seed-N is one training.
"""

import argparse
import signal
import subprocess
import sys
import threading
from pathlib import Path

from evaluation.report import report
from training.checkpoint import finished
from training.experiments import PAPER, WORLDS, row_of, rows
from cli_errors import positive, positive_number, positives, stop

HERE = Path(__file__).parent


class Queue:
    """Jobs, each a list of commands, run in order by a few workers. A job that depends on another comes after it."""

    def __init__(self, jobs, workers):
        self.jobs, self.lock, self.running, self.failed, self.ended = list(jobs), threading.Lock(), set(), [], False
        self.done = {job["name"]: threading.Event() for job in jobs}
        self.threads = [threading.Thread(target=self.work) for _ in range(workers)]

    def run(self):
        """Runs all jobs; returns the names of those that failed."""
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()
        return self.failed

    def work(self):
        while job := self.next():
            if job["after"] in self.done:
                self.done[job["after"]].wait()
            if job["after"] in self.failed or not all(self.finish(command, job) for command in job["commands"]):
                self.failed.append(job["name"])
            if not self.ended:
                print(
                    f"{job['name']}: {'failed, see ' + str(job['log']) if job['name'] in self.failed else 'done'}",
                    file=sys.stderr,
                    flush=True,
                )
            self.done[job["name"]].set()

    def next(self):
        with self.lock:
            return self.jobs.pop(0) if self.jobs else None

    def finish(self, command, job):
        """Runs one command and appends its output to the job's log."""
        job["log"].parent.mkdir(parents=True, exist_ok=True)
        with open(job["log"], "a") as log:
            with self.lock:
                if self.ended:
                    return False
                process = subprocess.Popen([sys.executable, *command], stdout=log, stderr=log)
                self.running.add(process)
            code = process.wait()
        with self.lock:
            self.running.discard(process)
        return code == 0

    def end(self, number, _):
        """A signal also ends the workers' processes; the next start resumes from their checkpoints."""
        signal.signal(number, signal.SIG_IGN)
        with self.lock:
            self.ended = True
            self.jobs.clear()
            for process in self.running:
                process.terminate()
        sys.exit(128 + number)


def folder(out, name, seed):
    return out / name / f"seed-{seed}"


def training_jobs(given):
    """Seed by seed, so that a whole table is complete early; TDL's first stage before the rows that start from it."""
    jobs = []
    for seed in given.seeds:
        chosen = [row_of(name, epochs=given.epochs) for name in given.rows if name != "tdl"]
        first = [row_of("tdl", epochs=given.tdl_epochs)] if any(row.initialised for row in chosen) or "tdl" in given.rows else []
        for row in first + chosen:
            jobs.append(training_job(row, seed, given))
    return jobs


def training_job(row, seed, given):
    at, tdl, commands = folder(given.out, row.name, seed), folder(given.out, "tdl", seed), []
    trained = finished(at, row, seed)
    if not trained:
        command = [HERE / "train.py", "--row", row.name, "--seed", seed, "--epochs", row.epochs, "--out", at]
        command += ["--train", given.train, "--validate", given.validate, "--threads", given.threads]
        if row.initialised:
            command += ["--tdl", tdl, "--tdl-epochs", row_of("tdl", epochs=given.tdl_epochs).epochs]
        commands.append(command)
    if given.test and row.network != "tdl" and not (trained and evaluated(at)):
        commands.append(evaluation(at, [given.validate], given.test, given.threads))
    return job(at, commands, str(tdl) if row.initialised else None)


def world_jobs(given):
    """Seed by seed and row by row, one training for each world that is left out."""
    worlds = sorted(path.name for path in given.worlds.iterdir() if (path / "train").is_dir())
    if len(worlds) < 2:
        stop(f"{given.worlds}: expected the folders of two worlds or more, each with train, validate and test")
    rows = [row_of(name, epochs=given.epochs) for name in given.rows]
    return [world_job(row, seed, left_out, worlds, given) for seed in given.seeds for row in rows for left_out in worlds]


def world_job(row, seed, left_out, worlds, given):
    at, commands = given.out / row.name / f"without-{left_out}" / f"seed-{seed}", []
    others = lambda part: [given.worlds / world / part for world in worlds if world != left_out]
    trained = finished(at, row, seed)
    if not trained:
        command = [HERE / "train.py", "--row", row.name, "--seed", seed, "--epochs", row.epochs, "--out", at, "--threads", given.threads]
        command += ["--train", *others("train"), "--validate", *others("validate")]
        for name in ("init", "only", "minutes"):
            command += [f"--{name}", getattr(given, name)] if getattr(given, name) is not None else []
        commands.append(command)
    if not (trained and evaluated(at)):
        commands.append(evaluation(at, others("validate"), given.worlds / left_out / "test", given.threads))
    return job(at, commands)


def evaluated(at):
    """Whether the evaluation is newer than the checkpoint."""
    done = at / "evaluation.json"
    return done.exists() and done.stat().st_mtime >= (at / "checkpoint.pt").stat().st_mtime


def evaluation_jobs(given):
    checkpoints = sorted(given.out.glob("*/seed-*/checkpoint.pt"))
    return [job(path.parent, [evaluation(path.parent, [given.validate], given.test, given.threads)]) for path in checkpoints if path.parts[-3] != "tdl"]


def evaluation(at, validate_on, data, threads):
    where = ["--validate", *validate_on, "--data", data, "--out", at]
    return [HERE / "evaluate.py", "--checkpoint", at / "checkpoint.pt", *where, "--threads", threads]


def job(at, commands, after=None):
    return {"name": str(at), "log": at / "job.txt", "after": after, "commands": [list(map(str, command)) for command in commands]}


def arguments(given=None):
    parser = argparse.ArgumentParser(description="Trains and evaluates the rows of the paper's tables.")
    parts = parser.add_subparsers(dest="do", required=True)
    train, evaluate, worlds, tell = (parts.add_parser(name) for name in ("train", "evaluate", "worlds", "report"))
    for part in (train, evaluate, worlds, tell):
        part.add_argument("--out", required=True, type=Path, metavar="DIR")
    for part in (train, evaluate):
        part.add_argument("--validate", required=True, type=Path, metavar="DIR")
        part.add_argument("--test", required=part is evaluate, type=Path, metavar="DIR")
    train.add_argument("--train", required=True, type=Path, metavar="DIR")
    train.add_argument("--tdl-epochs", type=positive, help="epochs of TDL's first stage")
    worlds.add_argument("--worlds", required=True, type=Path, metavar="DIR")
    worlds.add_argument("--init", type=Path, metavar="CHECKPOINT_OR_BUNDLE", help="weights to begin with")
    worlds.add_argument("--only", choices=("tdl", "lrs", "ffs"), help="the network to train")
    worlds.add_argument("--minutes", type=positive_number, help="of each training")
    for part, tables in ((train, PAPER), (worlds, WORLDS)):
        part.add_argument("--rows", type=lambda text: text.split(","), default=[row.name for row in rows().values() if tables & set(row.tables)])
        part.add_argument("--seeds", type=positives, default=[1], help="default 1")
        part.add_argument("--epochs", type=positive, help="in place of what experiments.toml says")
    for part in (train, evaluate, worlds):
        part.add_argument("--workers", type=positive, default=2)
        part.add_argument("--threads", type=positive, default=1, help="of each training and evaluation")
    return parser.parse_args(given)


def main():
    given = arguments()
    if given.do == "report":
        print(report(given.out))
        return
    jobs = {"train": training_jobs, "evaluate": evaluation_jobs, "worlds": world_jobs}[given.do](given)
    queue = Queue(jobs, given.workers)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, queue.end)
    failed = queue.run()
    if failed:
        stop(f"{len(failed)} of the trainings failed", 1)


if __name__ == "__main__":
    main()
