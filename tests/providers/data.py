"""Who and what the stand-ins know. All of it is invented, but for a few names that everybody knows."""
import hashlib

# name: (Deezer id, fans, tags with votes)
ARTISTS = {
    "Daft Punk": (27, 4700000, [("house", 12), ("electronic", 9), ("seen live", 30), ("french house", 7)]),
    "Adele": (75798, 9000000, [("pop", 20), ("soul", 15)]),
    "Metallica": (119, 7000000, [("thrash metal", 22), ("heavy metal", 18)]),
    "Björk": (1003, 800000, [("art pop", 11), ("trip hop", 5)]),
    "Nina Simone": (1004, 1500000, [("vocal jazz", 10), ("soul", 8)]),
    "Stromae": (1005, 3000000, [("chanson", 3), ("electropop", 4)]),
    "Booba": (1006, 2000000, [("french hip hop", 9)]),
    "The Silent Ones": (1007, 90, []),
    "No Preview": (1008, 1200, [("ambient", 2)]),
    "Nobody Tagged": (1009, 40, []),
    "<script>alert(1)</script>": (1010, 10, [("pop", 1)]),
    "Qwzx Ensemble": (1011, 70, [("zydecorephonic", 4)]),
    "Sigur Rós": (1012, 600000, [("post-rock", 9)]),
    "Massive Attack": (1013, 1900000, [("trip hop", 14)]),
}
# Others of the same beginning, for the ranking: fewer fans, or another name.
OTHERS = {"Adele Quistrell": (2001, 9500000), "Adele": (2002, 12), "Daft Punk Tribute": (2003, 5),
          "Metallica Symphony": (2004, 300)}
TITLES = ["First Light", "Second Thoughts", "Third Rail", "Four Walls", "Fifth Season", "Sixth Sense",
          "Seven Bridges", "Eighth Note", "Ninth Wave", "Tenth Floor"]


def mbid(name):
    h = hashlib.md5(name.encode()).hexdigest()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def spotify_id(name):
    return hashlib.sha1(name.encode()).hexdigest()[:22]


def isrc(track):
    return f"XXTST{track:07d}"


def by_id(number):
    for name, facts in ARTISTS.items():
        if facts[0] == number:
            return name
    for name, facts in OTHERS.items():
        if facts[0] == number:
            return name
    return None


def fans(number):
    for facts in list(ARTISTS.values()) + list(OTHERS.values()):
        if facts[0] == number:
            return facts[1]
    return 0
