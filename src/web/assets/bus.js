// Where the bus of a screen is, by the timetable it holds: the rule of domain/bus/ride.rs, without a network.
(() => {
  'use strict';
  const DAY = 86400000, WAITS_BEFORE = 900, AHEAD = 2;

  const runs = (service, day) => service.added.includes(day) ||
    (service.first <= day && day <= service.last && service.weekdays.includes((((day + 3) % 7) + 7) % 7 + 1) && !service.removed.includes(day));

  /** The trip under way at a moment of the local clock, and the place of its next call; null where there is none. */
  function ride(bus, local) {
    const today = Math.floor(local / DAY), second = Math.floor((local - today * DAY) / 1000);
    let best = null, waiting = null;
    for (const [day, at] of [[today - 1, second + 86400], [today, second], [today + 1, second - 86400]]) {
      for (const trip of bus.trips) {
        if (!runs(bus.services[trip.service], day)) continue;
        const first = trip.calls[0][2], last = trip.calls[trip.calls.length - 1][1];
        const begins = day * 86400 + first;
        if (at >= 0 && first <= at && at < last) {
          if (!best || begins > best.begins) best = { begins, trip, at };
        } else if (first - at >= 1 && first - at <= WAITS_BEFORE && (!waiting || begins < waiting.begins)) waiting = { begins, trip, at };
      }
    }
    if (best) return { trip: best.trip, next: best.trip.calls.findIndex((call) => call[1] > best.at), second: best.at };
    return waiting ? { trip: waiting.trip, next: 0, second: waiting.at } : null;
  }

  /** Where a bus said it was, while that is believed; else by the timetable. */
  function now(bus, moment, offset, live) {
    const trip = live && moment < live.until ? bus.trips.find((one) => one.id === live.trip) : null;
    if (trip && trip.calls[live.next]) return { trip, next: live.next, second: null };
    return ride(bus, moment + offset * 60000);
  }

  /** The stops that come next, each with the minutes until then where they are known. */
  function ahead(bus, riding) {
    if (!riding) return [];
    return riding.trip.calls.slice(riding.next, riding.next + AHEAD).map(([stop, arrives]) => ({
      ...bus.stops[stop],
      minutes: riding.second === null ? null : Math.max(0, Math.round((arrives - riding.second) / 60)),
    }));
  }

  window.bus = { ride, now, ahead };
})();
