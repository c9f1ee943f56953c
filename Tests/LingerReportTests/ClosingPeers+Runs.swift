import LingerDiagnostics
import LingerModel

extension ClosingPeers {
  /// A FIN that arrives twice, and an answer that never arrives.
  var duplicateArrival: Trace {
    let fin = Self.segment(1, fin: true)
    let answer = Self.segment(0, from: 1, to: 0)
    let closing = (Self.closing, 1, true)
    return Trace(
      initial: initial,
      entries: [
        Trace.Entry(
          step: Self.call(0, urgent: true),
          effects: [
            .send(fin, isDropped: false), .start(instance: 0, timer: 0, duration: Rational(1)),
          ],
          state: state([closing, (Self.open, 0, false)], flying: [fin]),
          error: nil
        ),
        Trace.Entry(
          step: Self.receive(fin, choices: [.integer(2)]),
          effects: [
            .send(answer, isDropped: false),
            .signal(instance: 1, signal: 0, arguments: [Self.closed]),
          ],
          state: state([closing, (Self.closed, 1, false)], flying: [fin, answer]),
          error: nil
        ),
        Trace.Entry(
          step: Self.receive(fin),
          effects: [],
          state: state([closing, (Self.closed, 2, false)], flying: [fin, answer]),
          error: nil
        ),
      ]
    )
  }

  /// Explicit acts of the network: a duplicate, a loss, then a step that ends in an error.
  var faults: Trace {
    let fin = Self.segment(1, fin: true)
    let closing = (Self.closing, 1, true)
    let late = (Self.closing, 1, false)
    let open = (Self.open, 0, false)
    let two = State.InFlight(envelope: fin, copies: 2)
    var duplicated = state([closing, open], flying: [], lossLeft: 1)
    duplicated.networks[0].messages = [two]
    return Trace(
      initial: state([open, open], lossLeft: 1),
      entries: [
        Trace.Entry(
          step: Self.call(0),
          effects: [
            .send(fin, isDropped: false), .start(instance: 0, timer: 0, duration: Rational(1)),
          ],
          state: state([closing, open], flying: [fin], lossLeft: 1),
          error: nil
        ),
        Trace.Entry(
          step: .duplicate(fin, position: 0),
          effects: [],
          state: duplicated,
          error: nil
        ),
        Trace.Entry(
          step: .lose(fin, position: 0),
          effects: [],
          state: state([closing, open], flying: [fin], lossLeft: 0),
          error: nil
        ),
        Trace.Entry(
          step: Self.receive(fin),
          effects: [],
          state: state([closing, open], lossLeft: 0),
          error: nil
        ),
        Trace.Entry(
          step: .ignoredTimeout(instance: 0, timer: 0),
          effects: [],
          state: state([late, open], lossLeft: 0),
          error: nil
        ),
        Trace.Entry(
          step: Self.call(1),
          effects: [],
          state: nil,
          error: SpecError(.range, "4 is not in 0...3", at: model.transitions[0].span)
        ),
      ]
    )
  }
}
