"""Latency on a logarithmic scale, from the median to the 99th percentile: as text, and as SVG."""
import html
import math

LEAST_US, MOST_US = 1, 10_000_000


def place(us):
    """0..1 on the scale."""
    us = min(max(us, LEAST_US), MOST_US)
    return math.log(us / LEAST_US) / math.log(MOST_US / LEAST_US)


def unit(us):
    return f"{us:,.0f} µs" if us < 1000 else f"{us / 1000:,.1f} ms" if us < 1e6 else f"{us / 1e6:,.1f} s"


def text_plot(results, width=70):
    lines = [f"{'':<24}1 µs{'':<{width // 7 * 3 - 6}}1 ms{'':<{width // 7 * 3 - 3}}1 s   from p50 to p99"]
    for result in results:
        row = result["groups"]["all"]
        first, last = int(place(row["p50"]) * width), int(place(row["p99"]) * width)
        lines.append(f"{result['version']:<24}{' ' * first}{'#' * max(1, last - first)}  "
                     f"{unit(row['p50'])} .. {unit(row['p99'])}")
    return "\n".join(lines)


def write_svg(results, artists, path):
    left, width, step = 170, 520, 34
    height = 70 + step * len(results)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 190} {height}" '
             'font-family="sans-serif" font-size="13" role="img">',
             f"<title>One search among {artists:,} artists: median to 99th percentile, by engine</title>",
             '<rect width="100%" height="100%" fill="#fff"/>']
    for power in range(8):
        x = left + width * place(10 ** power)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="30" y2="{height - 20}" stroke="#ddd"/>'
                     f'<text x="{x:.1f}" y="20" text-anchor="middle" fill="#444">{unit(10 ** power)}</text>')
    for number, result in enumerate(results):
        row, y = result["groups"]["all"], 40 + step * number
        first, last = left + width * place(row["p50"]), left + width * place(row["p99"])
        times = f"{unit(row['p50'])} to {unit(row['p99'])}"
        parts.append(f'<text x="{left - 10}" y="{y + 15}" text-anchor="end">{html.escape(result["version"])}</text>'
                     f'<rect x="{first:.1f}" y="{y}" width="{max(2, last - first):.1f}" height="20" '
                     f'fill="{"#0b6e4f" if number == 0 else "#7a869a"}"/>'
                     f'<text x="{last + 8:.1f}" y="{y + 15}" fill="#444">{times}</text>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(parts + ["</svg>"]) + "\n")
