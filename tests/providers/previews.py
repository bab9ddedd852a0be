"""Music for the stand-ins: short pieces made by ffmpeg's own generators, encoded as MP3 in memory."""
import functools
import shutil
import subprocess

# A beat under a chord, each piece with a pitch and a tempo of its own.
PIECE = ("aevalsrc='0.25*sin(2*PI*{f}*t)+0.2*sin(2*PI*{f}*1.25*t)+0.2*sin(2*PI*{f}*1.5*t)"
         "+0.3*sin(2*PI*60*t)*exp(-12*mod(t\\,{beat}))':s=44100:d={seconds}")
PIECES = 4


def mp3(number, seconds=6, kbps=64):
    """One of a few pieces as the bytes of an MP3 file; 30 s at 128 kbps are about 480 KB, as a preview is."""
    return made(number % PIECES, seconds, kbps)


def make_all(seconds, kbps):
    """Makes every piece now, so that nobody's limit of time runs while ffmpeg does; none where it is not installed."""
    for number in range(PIECES if shutil.which("ffmpeg") else 0):
        made(number, seconds, kbps)


@functools.lru_cache(maxsize=None)
def made(number, seconds, kbps):
    piece = PIECE.format(f=220 + 40 * number, beat=0.4 + 0.1 * number, seconds=seconds)
    return subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", piece, "-ac", "2", "-b:a", f"{kbps}k", "-f", "mp3", "-"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True).stdout
