package import LingerModel

/// Runs without end in time.
extension TimedReplay {
  /// What the clocks show in a state, as far as it has a say in what comes.
  private struct Reading: Equatable {
    var state: State
    /// How long each timer has run, and when it is due.
    var timers: [Deadline]
    /// The ages of the messages that are alive in growing sets with a lifetime.
    var ages: [Transmission]
  }

  /// Rounds of a loop after which its clocks have to repeat themselves.
  private static let rounds = 6

  /// A run with a loop, with times for ever, for the parameter values in force; nil where none were
  /// found.
  ///
  /// Rounds are taken as early as time allows, or with a second between them, until the clocks
  /// read the same after a round as before it, and time has passed: then every later round can be
  /// like that one. What is shown is the run up to and with it. In a run that stays where it is
  /// nothing may be due.
  package static func lasso(
    _ trace: Trace,
    on evaluator: Evaluator
  ) -> (trace: Trace, timing: TimedRun)? {
    guard let start = trace.loopStart else { return nil }
    let loop = Array(trace.entries[start...])
    var unrolled = trace
    unrolled.loopStart = nil
    if !loop.isEmpty { for _ in 1..<rounds { unrolled.entries += loop } }
    guard let times = RunSchedule(of: unrolled, on: evaluator)?.times else { return nil }
    for pause in [Rational.zero, Rational(1)] {
      let slower = times.enumerated().map { index, time in
        let round = loop.isEmpty || index < start ? 0 : (index - start) / loop.count
        return time + pause * Rational(round)
      }
      if let found = repetition(unrolled, at: slower, start, loop.count, evaluator) { return found }
    }
    return nil
  }

  private static func repetition(
    _ trace: Trace,
    at times: [Rational],
    _ start: Int,
    _ length: Int,
    _ evaluator: Evaluator
  ) -> (trace: Trace, timing: TimedRun)? {
    var replay = TimedReplay(evaluator, from: trace.initial)
    var last: (reading: Reading, at: Rational)?
    do throws(Failure) {
      try replay.begin()
      for count in 0...trace.entries.count {
        if count > 0 {
          try replay.take(trace.entries[count - 1].step, count - 1, at: times[count - 1])
        }
        let isBorder = length > 0 && count >= start && (count - start).isMultiple(of: length)
        if isBorder {
          guard let reading = replay.reading else { return nil }
          if let last, last.reading == reading, last.at < replay.now {
            return replay.shown(times, loopStart: count - length)
          }
          last = (reading, replay.now)
        }
      }
    } catch {
      return nil
    }
    guard length == 0, replay.isAtRest else { return nil }
    return replay.shown(times, loopStart: start)
  }

  private func shown(_ times: [Rational], loopStart: Int) -> (trace: Trace, timing: TimedRun) {
    let timing = TimedRun(
      settings: evaluator.model.durationSettings,
      times: Array(times.prefix(entries.count)),
      end: now,
      bounds: ways.first?.bounds ?? [],
      alive: aliveMessages
    )
    return (Trace(initial: initial, entries: entries, loopStart: loopStart), timing)
  }

  /// Nil where copies in flight have ages of their own, which are not compared.
  private var reading: Reading? {
    guard !hasCopies else { return nil }
    let origin = now
    return Reading(
      state: state,
      timers: deadlines.map {
        Deadline(
          instance: $0.instance,
          timer: $0.timer,
          started: $0.started - origin,
          due: $0.due - origin
        )
      }.sorted { ($0.instance, $0.timer) < ($1.instance, $1.timer) },
      ages: sent.compactMap { message in
        guard let lifetime = lifetime(of: message.envelope), origin - message.at < lifetime else {
          return nil
        }
        return Transmission(envelope: message.envelope, at: message.at - origin)
      }.sorted { $0.envelope < $1.envelope }
    )
  }

  private var hasCopies: Bool {
    state.networks.flatMap(\.messages).contains {
      evaluator.model.networks[$0.envelope.network].hasTimeLimit
        && CopyLane($0.envelope, in: evaluator.model) != nil
    }
  }

  /// Whether time can pass for ever and nothing happens.
  private var isAtRest: Bool {
    deadlines.isEmpty && !hasCopies && evaluator.urgentTransition(in: state) == nil
  }
}
