// Reads a calendar from standard input with ical.js, and prints the moments at which its events begin.
import ICAL from "ical.js";

let text = "";
for await (const part of process.stdin) text += part;
const root = new ICAL.Component(ICAL.parse(text));
for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = root.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
const exceptions = events.filter((event) => event.isRecurrenceException());
const starts = [];
for (const event of events) {
  if (event.isRecurrenceException()) continue;
  for (const exception of exceptions) if (exception.uid === event.uid) event.relateException(exception);
  if (!event.isRecurring()) {
    starts.push(event.startDate);
    continue;
  }
  const iterator = event.iterator();
  for (let next = iterator.next(); next && starts.length < 500; next = iterator.next()) {
    starts.push(event.getOccurrenceDetails(next).startDate);
  }
}
console.log(JSON.stringify(starts.map((start) => start.toJSDate().toISOString()).sort()));
