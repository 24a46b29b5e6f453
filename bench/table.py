"""Medians as a table for people, and the ratios that matter."""

# What a measurement is to reach: times the other server, and at most times away from the ceiling.
AIMS = {"registrations": (2, 1.4), "punch holes": (2, None), "relay": (2.5, 1.2), "heartbeats": (5, None)}
# Of one processor, at most.
CORE_AIMS = {"heartbeats, by the clock": 25}
# Of processor time for one operation, at most.
CPU_AIMS = {"shared book of 1,000": 10}
# Of memory: times less than the other server.
MEMORY_AIMS = {"device": 4, "websocket": 2}


def scaled(number):
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            return f"{number / limit:.2f} {unit}"
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"


def cell(row, name):
    return scaled(row[name]) if name in row else ""


def number(row, name):
    return f"{row[name]:.0f}" if name in row else ""


COLUMNS = [("measure", 28), ("server", 10), ("per s", 10), ("per CPU s", 10), ("p50 us", 9), ("p99 us", 9),
           ("p99.9 us", 9), ("% core", 7), ("lost", 6), ("wrong", 6), ("memory", 18)]


def memory(row):
    for what in ("device", "pair", "websocket"):
        if f"bytes_per_{what}" in row:
            return f"{row[f'bytes_per_{what}']:.0f} B/{what}"
    return ""


def line_of(row):
    if "error" in row:
        return f"{row['measure']:<28} {row['server']:<10} error: {row['error']}"
    cells = [row["measure"], row["server"], cell(row, "per_second"), cell(row, "per_cpu_second"), number(row, "p50_us"),
             number(row, "p99_us"), number(row, "p99.9_us"), cell(row, "core_percent"), number(row, "lost"), number(row, "wrong"), memory(row)]
    return " ".join(f"{text:<{width}}" if i < 2 else f"{text:>{width}}"
                    for i, (text, (_, width)) in enumerate(zip(cells, COLUMNS))).rstrip()


def ratios(rows):
    """What the aims are about, each with its aim; only what was measured on both sides."""
    by_server = {(row["measure"], row["server"]): row for row in rows}
    made = []

    def add(measure, what, number, aim, reached):
        made.append({"measure": measure, "what": what, "ratio": round(number, 3), "aim": aim, "reached": reached})

    for (measure, server), own in by_server.items():
        if server != "deskcheck":
            continue
        other, ceiling = by_server.get((measure, "other"), {}), by_server.get((measure, "ceiling"), {})
        to_other, to_ceiling = AIMS.get(measure.split(",")[0] if measure.startswith("relay") else measure, (None, None))
        if own.get("per_cpu_second") and other.get("per_cpu_second"):
            ratio = own["per_cpu_second"] / other["per_cpu_second"]
            add(measure, "work per CPU second, times that of the other", ratio, to_other,
                to_other is None or ratio >= to_other)
        if own.get("per_cpu_second") and ceiling.get("per_cpu_second"):
            ratio = ceiling["per_cpu_second"] / own["per_cpu_second"]
            add(measure, "times below the ceiling", ratio, to_ceiling, to_ceiling is None or ratio <= to_ceiling)
        if measure in CORE_AIMS and "core_percent" in own:
            add(measure, "% of a processor", own["core_percent"], CORE_AIMS[measure],
                own["core_percent"] < CORE_AIMS[measure])
        if measure in CPU_AIMS and own.get("per_cpu_second"):
            spent = 1000 / own["per_cpu_second"]
            add(measure, "ms of CPU time for one", spent, CPU_AIMS[measure], spent < CPU_AIMS[measure])
        for what, aim in MEMORY_AIMS.items():
            name = f"bytes_per_{what}"
            if own.get(name, 0) > 0 and other.get(name, 0) > 0:
                ratio = other[name] / own[name]
                add(measure, f"memory per {what}, times less than the other", ratio, aim, ratio >= aim)
    return made


def render(rows):
    lines = [" ".join(f"{name:<{width}}" if i < 2 else f"{name:>{width}}" for i, (name, width) in enumerate(COLUMNS))]
    lines += [line_of(row) for row in rows]
    lines.append("")
    for one in ratios(rows):
        aim = "" if one["aim"] is None else f"   aim {one['aim']}: {'reached' if one['reached'] else 'not reached'}"
        lines.append(f"{one['measure']:<28} {one['ratio']:>7.2f} {one['what']}{aim}")
    return "\n".join(lines)
