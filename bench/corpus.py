"""Real recorded music with free licences, out of Debian packages, and sounds made from it. Used by the benches of
sound; nothing of it goes into the repository. Everything lies in one folder (build/corpus) and is made once.
"""
import glob
import hashlib
import os
import re
import shutil
import struct
import subprocess
import zipfile
import zlib

PREVIEW_SECONDS, PREVIEW_AT = 30, .35  # what streaming shops let one hear: half a minute from about a third in
FRETS = "usr/share/games/fretsonfire/data/songs"
# Package, where its music lies inside, style. The first five: 207 MB to fetch. Licences: each package's copyright
# file; all free.
CORE = [
    ("asc-music", "usr/share/games/asc/music/*.mp3", "synth, orchestral"),
    ("fretsonfire-songs-sectoid", FRETS + "/sectoid/*", "rock, metal"),
    ("fretsonfire-songs-muldjord", FRETS + "/muldjord/*", "death metal"),
    ("nexuiz-music", "usr/share/games/nexuiz/data/sound/cdtracks/*.ogg", "industrial, electronic"),
    ("hyperrogue-music", "usr/share/hyperrogue/music/*.ogg", "folk, orchestral, ambient"),
]
EXTENDED = CORE + [
    ("singularity-music", "usr/share/games/singularity/music/*/*.ogg", "ambient, electronic"),
    ("marsshooter-data", "usr/share/games/marsshooter/music/*.ogg", "mastered rock, electronic"),
    ("supertux-data", "usr/share/games/supertux2/music/*/*.ogg", "game pop"),
    ("wesnoth-1.16-music", "usr/share/games/wesnoth/1.16/data/core/music/*.ogg", "orchestral"),
]
SMOKE = CORE[:2]
SETS = {"smoke": SMOKE, "core": CORE, "extended": EXTENDED}
NOT_MUSIC = {"thunder", "tada"}
LMMS_PROJECTS = "usr/share/lmms/projects"
MIDI_PACKAGES = [("openttd-openmsx", "usr/share/games/openttd/baseset/openmsx/*.mid"),
                 ("planetblupi-music-midi", "usr/share/planetblupi/music/*.mid")]


class CorpusError(Exception):
    """Something that is needed could not be had; the message is for the person at the keyboard."""


def run(command, **more):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise CorpusError(f"{os.path.basename(command[0])} failed: {last}")
    return done.stdout


class Corpus:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)

    def package(self, name):
        """The folder with the unpacked package; fetches it when it is not there."""
        place = os.path.join(self.folder, name)
        if os.path.isdir(place):
            return place
        temporary = place + ".part"
        shutil.rmtree(temporary, ignore_errors=True)
        os.makedirs(temporary)
        run(["apt-get", "download", "-qq", name], cwd=temporary)
        deb = glob.glob(os.path.join(temporary, "*.deb"))[0]
        run(["dpkg-deb", "-x", deb, temporary])
        os.remove(deb)
        for archive in glob.glob(os.path.join(temporary, "**", "*.pk3"), recursive=True):
            with zipfile.ZipFile(archive) as file:
                file.extractall(os.path.dirname(archive))
            os.remove(archive)
        os.rename(temporary, place)
        return place

    def songs(self, which, at_least_s=32):
        """(name, package, path) of the songs of a set, in a fixed order. A song in stems is mixed first."""
        for package, pattern, _ in SETS[which]:
            for path in sorted(glob.glob(os.path.join(self.package(package), pattern))):
                if os.path.isdir(path):
                    path = self.mixed(path)
                name = os.path.splitext(os.path.basename(path or ""))[0]
                if path and name not in NOT_MUSIC and seconds(path) >= at_least_s:
                    yield name, package, path

    def mixed(self, folder):
        """The stems of a Frets on Fire song, added up."""
        stems = [os.path.join(folder, name) for name in ("song.ogg", "guitar.ogg")]
        if not all(map(os.path.exists, stems)):
            return None
        name = os.path.basename(folder).replace(" ", "_")
        return self.made("mixed/" + name + ".flac", lambda out: run(
            ["ffmpeg", "-v", "error", "-y", "-i", stems[0], "-i", stems[1], "-filter_complex",
             "amix=inputs=2:normalize=0,volume=-3dB", out]))

    def frets_tempi(self):
        """(name, path, BPM) of the songs whose notes.mid states the tempo."""
        for package in ("fretsonfire-songs-sectoid", "fretsonfire-songs-muldjord"):
            for notes in sorted(glob.glob(os.path.join(self.package(package), FRETS, "*", "*", "notes.mid"))):
                path, bpm = self.mixed(os.path.dirname(notes)), midi_tempo(notes)
                if path and bpm:
                    yield os.path.basename(os.path.dirname(notes)), path, bpm

    def midi_tempi(self):
        """(name, path, BPM) of MIDI songs."""
        return ((name, wav, bpm) for name, wav, bpm, _ in self.midi_songs())

    def midi_songs(self):
        """(name, path, BPM, beats a bar or None): songs rendered by fluidsynth. Only those with one tempo."""
        font = next(iter(glob.glob("/usr/share/sounds/sf2/*.sf2")), None)
        if not font or not shutil.which("fluidsynth"):
            raise CorpusError("fluidsynth or a sound font is missing: tools/setup bench")
        for package, pattern in MIDI_PACKAGES:
            for path in sorted(glob.glob(os.path.join(self.package(package), pattern))):
                bpm = midi_tempo(path)
                if not bpm:
                    continue
                name = os.path.splitext(os.path.basename(path))[0]
                wav = self.made(f"midi/{name}.wav", lambda out, path=path: run(
                    ["fluidsynth", "-ni", "-g", "0.6", "-r", "44100", "-F", out, font, path]))
                if seconds(wav) >= 40:
                    yield name, wav, bpm, midi_metre(path)

    def lmms_tempi(self, at_most=40):
        """(name, path, BPM): LMMS's demo songs, where lmms is installed to render them (it is slow)."""
        if not shutil.which("lmms"):
            return
        pattern = os.path.join(self.package("lmms-common"), LMMS_PROJECTS, "**", "*.mmp*")
        for path in sorted(glob.glob(pattern, recursive=True))[:at_most]:
            if "template" in path.lower():
                continue
            bpm = lmms_tempo(path)
            name = os.path.splitext(os.path.basename(path))[0].replace(" ", "_")
            try:
                wav = self.made(f"lmms/{name}.wav", lambda out, path=path: run(
                    ["lmms", "--allowroot", "render", path, "-f", "wav", "-s", "44100", "-o", out],
                    env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=240))
            except (CorpusError, subprocess.TimeoutExpired):
                continue
            if bpm and seconds(wav) >= 32:
                yield name, wav, bpm

    def made(self, name, make):
        """A file made once: make(out) writes it."""
        path = os.path.join(self.folder, "made", name)
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            stem, end = os.path.splitext(path)
            make(stem + ".part" + end)
            os.rename(stem + ".part" + end, path)
        return path

    def converted(self, path, label, options, end, before=()):
        """path through ffmpeg with these options."""
        key = hashlib.sha256(repr((path, label, options, end, before)).encode()).hexdigest()[:8]
        name = os.path.splitext(os.path.basename(path))[0]
        return self.made(f"{label}/{name}-{key}{end}", lambda out: run(
            ["ffmpeg", "-v", "error", "-y", *before, "-i", path, "-map_metadata", "-1", "-vn", *options, out]))

    def excerpt(self, path, at=PREVIEW_AT, length=PREVIEW_SECONDS):
        """Half a minute, 44.1 kHz, stereo, WAV."""
        start = max(0, (seconds(path) - length) * at)
        return self.converted(path, f"excerpt-{at:g}", ("-ac", "2", "-ar", "44100"), ".wav",
                              ("-ss", f"{start:.3f}", "-t", str(length)))


LENGTHS = {}


def seconds(path):
    """The length of a sound; 0 for what is none (hyperrogue-music has such files)."""
    if path not in LENGTHS:
        try:
            text = run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path])
            LENGTHS[path] = float(text.split()[0])
        except (CorpusError, ValueError, IndexError):
            LENGTHS[path] = 0.0
    return LENGTHS[path]


def midi_tempo(path):
    """The BPM of a MIDI file that keeps one tempo (events FF 51 03), or None."""
    with open(path, "rb") as file:
        data = file.read()
    found, at = set(), data.find(b"\xff\x51\x03")
    while at >= 0:
        found.add(struct.unpack(">I", b"\0" + data[at + 3:at + 6])[0])
        at = data.find(b"\xff\x51\x03", at + 6)
    if not found or max(found) > 1.02 * min(found):
        return None
    return 60e6 / max(found)


def midi_metre(path):
    """Beats a bar of a MIDI file that keeps one metre (events FF 58 04), or None."""
    with open(path, "rb") as file:
        data = file.read()
    found, at = set(), data.find(b"\xff\x58\x04")
    while at >= 0:
        found.add(data[at + 3])
        at = data.find(b"\xff\x58\x04", at + 6)
    return found.pop() if len(found) == 1 else None


def lmms_tempo(path):
    """The BPM in an LMMS project's head (.mmpz is its XML, compressed as Qt does it), or None."""
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".mmpz"):
        data = zlib.decompress(data[4:])
    bpm = re.search(rb'<head[^>]*\bbpm="([0-9.]+)"', data)
    return float(bpm.group(1)) if bpm else None
