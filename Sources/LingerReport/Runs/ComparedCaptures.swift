/// What became of the segments of connections between two captures, one made at each end.
package struct ComparedCaptures: Sendable {
  /// The paths of the two captures.
  package var first: String
  package var second: String
  package var connections: [ComparedConnection] = []
  package var notes: [String] = []

  package init(first: String, second: String) {
    self.first = first
    self.second = second
  }
}

/// A connection that both captures have.
package struct ComparedConnection: Sendable {
  package var name: String
  package var ways: [Way]

  package init(name: String, ways: [Way]) {
    self.name = name
    self.ways = ways
  }

  /// One direction.
  package struct Way: Sendable {
    /// Who sends.
    package var from: String
    /// Whether that is the end of the first capture.
    package var isFromFirst: Bool
    package var sent = 0
    /// What did not simply arrive, in the order of sending.
    package var fates: [Fate] = []

    package init(from: String, isFromFirst: Bool) {
      self.from = from
      self.isFromFirst = isFromFirst
    }
  }

  /// What the network did to one segment.
  package struct Fate: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
      case lost
      case duplicated
      /// It arrived after one that was sent later.
      case overtaken
      /// It arrived, and the capture at its sender does not have it.
      case notSeenLeaving
    }

    package var kind: Kind
    /// The frame in the capture at the sender.
    package var sent: Int?
    /// The frames in the capture at the receiver.
    package var arrivals: [Int]

    package init(kind: Kind, sent: Int?, arrivals: [Int]) {
      self.kind = kind
      self.sent = sent
      self.arrivals = arrivals
    }
  }
}

extension ComparedCaptures {
  /// So many connections are told one by one, those first to which something happened.
  private static let mostTold = 20
  /// So many frames of a kind are named.
  private static let mostFrames = 8

  /// Lines for people.
  var lines: [String] {
    var lines = ["on the way between \(first) and \(second)"]
    let eventful = connections.filter { $0.ways.contains { !$0.fates.isEmpty } }
    let quiet = connections.filter { $0.ways.allSatisfy(\.fates.isEmpty) }
    let told = eventful.prefix(Self.mostTold)
    for connection in told {
      lines.append("  \(connection.name)")
      for way in connection.ways { lines.append("    " + text(way)) }
    }
    let more = eventful.count - told.count
    if more > 0 { lines.append("  and \(count(more, "more connection")) with losses and the like") }
    if !quiet.isEmpty {
      lines.append("  \(count(quiet.count, "connection")) of which everything arrived in order")
    }
    return lines + notes.map { "  \($0)" }
  }

  private func text(_ way: ComparedConnection.Way) -> String {
    var parts: [String] = []
    for kind in ComparedConnection.Fate.Kind.allCases {
      let fates = way.fates.filter { $0.kind == kind }
      guard !fates.isEmpty else { continue }
      let frames = fates.compactMap { kind == .notSeenLeaving ? $0.arrivals.first : $0.sent }
      var list = frames.prefix(Self.mostFrames).map { "\($0)" }.joined(separator: ", ")
      if frames.count > Self.mostFrames { list += ", ..." }
      let path = (kind == .notSeenLeaving) != way.isFromFirst ? first : second
      let noun = frames.count == 1 ? "frame" : "frames"
      parts.append("\(fates.count) \(words(kind)) (\(noun) \(list) of \(path))")
    }
    return "from \(way.from): \(count(way.sent, "segment")), "
      + (parts.isEmpty ? "all arrived in order" : parts.joined(separator: ", "))
  }

  private func words(_ kind: ComparedConnection.Fate.Kind) -> String {
    switch kind {
    case .lost: "lost"
    case .duplicated: "duplicated"
    case .overtaken: "overtaken"
    case .notSeenLeaving: "not seen leaving"
    }
  }
}

extension ComparedCaptures {
  var json: JSONValue {
    .object([
      "first": .string(first), "second": .string(second),
      "notes": .array(notes.map { .string($0) }),
      "connections": .array(connections.map(encode)),
    ])
  }

  private func encode(_ connection: ComparedConnection) -> JSONValue {
    .object([
      "name": .string(connection.name),
      "ways": .array(
        connection.ways.map { way in
          .object([
            "from": .string(way.from), "sentIn": .string(way.isFromFirst ? first : second),
            "segments": .integer(way.sent),
            "fates": .array(
              way.fates.map { fate in
                .members([
                  "kind": .string(fate.kind.rawValue), "sent": fate.sent.map { .integer($0) },
                  "arrivals": .array(fate.arrivals.map { .integer($0) }),
                ])
              }
            ),
          ])
        }
      ),
    ])
  }
}
