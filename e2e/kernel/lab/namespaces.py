"""Network namespaces without names: they are held open by this process and go when it goes, however it ends."""

import contextlib
import ctypes
import os
import subprocess

CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def _call(result):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


class Namespace:
    def __init__(self):
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            _call(_libc.unshare(CLONE_NEWNET))
            self.fd = os.open("/proc/self/ns/net", os.O_RDONLY)
        finally:
            _call(_libc.setns(home, CLONE_NEWNET))
            os.close(home)
        # Found by `ip link … netns PATH`, also from a child process.
        self.path = f"/proc/{os.getpid()}/fd/{self.fd}"

    @contextlib.contextmanager
    def entered(self):
        """What is created inside (a socket, a process) belongs to the namespace for good."""
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        _call(_libc.setns(self.fd, CLONE_NEWNET))
        try:
            yield
        finally:
            _call(_libc.setns(home, CLONE_NEWNET))
            os.close(home)

    def run(self, command, text=""):
        with self.entered():
            done = subprocess.run(command, input=text, text=True, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}\n{text}")
        return done.stdout
