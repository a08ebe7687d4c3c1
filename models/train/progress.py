"""A progress line with rate and time left: redrawn on a terminal, one line now and then in a log."""

from __future__ import annotations

import sys
import time


class Progress:
    """Counts steps of a task of known length, or of known `seconds` where length depends on the machine."""

    def __init__(self, title: str, total: int, every_seconds: float = 30.0) -> None:
        self.title, self.total = title, total
        self.terminal = sys.stderr.isatty()
        self.every = 0.2 if self.terminal else every_seconds
        self.start = self.shown = time.monotonic()
        self.done = 0
        self.first_share: float | None = None
        """What was done before this program began, where a run is resumed."""
        self.ended = False

    def step(self, count: int = 1, note: str = "") -> None:
        """Note that `count` more steps are done, and show it if it is time to."""
        self.done += count
        now = time.monotonic()
        if self.done >= self.total or now - self.shown >= self.every:
            self.shown = now
            self._show(self.done / self.total, now, note)

    def share(self, share: float, note: str = "") -> None:
        """As `step`, for a task that knows which share of it is done but not how many steps it will be."""
        self.done += 1
        if self.first_share is None:
            self.first_share = share
        now = time.monotonic()
        if now - self.shown >= self.every or (share >= 1 and not self.ended):
            self.shown, self.ended = now, share >= 1
            self._show(share, now, note)

    def _show(self, share: float, now: float, note: str) -> None:
        elapsed = now - self.start
        rate = self.done / elapsed if elapsed else 0.0
        gained = share - (self.first_share or 0.0)
        left = max(0.0, elapsed * (1 - share) / gained) if gained > 0 else 0.0
        bar = "#" * round(24 * min(share, 1)) + "-" * (24 - round(24 * min(share, 1)))
        line = f"{self.title} [{bar}] {100 * min(share, 1):5.1f} %  {rate:.2f}/s  {_clock(left)} left  {note}"
        if self.terminal:
            sys.stderr.write("\r\x1b[2K" + line + ("\n" if share >= 1 else ""))
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
