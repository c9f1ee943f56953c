/// From the guesses of its connections, the host on which a capture as a whole was made. It decides
/// those connections too that do not tell themselves.
package struct HostVantage {
  private var votes: [IPAddress: Votes] = [:]
  private var both = 0
  private var midway = 0
  private var undecided = 0

  private struct Votes {
    var near = 0
    var far = 0

    /// A few guesses may be wrong.
    var isNear: Bool { near > 0 && near > far * 4 }
  }

  /// So many addresses are counted; memory must not grow with the capture.
  private static let mostAddresses = 65_536
  /// So many addresses are named in a reason.
  private static let mostNamed = 4

  package init() {}

  /// Takes the guess of a connection in.
  package mutating func add(_ guess: VantageGuess, of connection: CapturedConnection) {
    switch guess.vantage {
    case .end(let end):
      vote(connection.endpoint(end).address, isNear: true)
      vote(connection.endpoint(end.other).address, isNear: false)
    case .both: both += 1
    case .midway: midway += 1
    case .unknown: undecided += 1
    }
  }

  private mutating func vote(_ address: IPAddress, isNear: Bool) {
    guard votes.count < Self.mostAddresses || votes[address] != nil else { return }
    if isNear {
      votes[address, default: Votes()].near += 1
    } else {
      votes[address, default: Votes()].far += 1
    }
  }

  /// The addresses of the host that captured, in order.
  package var addresses: [IPAddress] {
    votes.filter { $0.value.isNear }.map(\.key).sorted()
  }

  /// The vantage of a connection whose own guess is this one.
  package func guess(
    _ own: VantageGuess,
    of connection: CapturedConnection
  ) -> VantageGuess {
    guard own.vantage == .unknown else { return own }
    let nearEnds = ConnectionEnd.allCases.filter {
      votes[connection.endpoint($0).address]?.isNear ?? false
    }
    guard let end = nearEnds.first, nearEnds.count == 1 else { return own }
    let name = connection.endpoint(end).address
    return VantageGuess(.end(end), "other connections tell that the capture was made on \(name)")
  }

  /// What the capture as a whole tells, in words.
  package var summary: String {
    let addresses = addresses
    var parts: [String] = []
    if !addresses.isEmpty {
      let named = addresses.prefix(Self.mostNamed).map(\.description).joined(separator: ", ")
      let more = addresses.count - Self.mostNamed
      parts.append("on the host of \(named)\(more > 0 ? " and \(more) more addresses" : "")")
    }
    if both > 0 { parts.append("on the host of both ends of \(connections(both))") }
    if midway > 0 { parts.append("between the ends of \(connections(midway))") }
    if parts.isEmpty { return "nothing tells where the capture was made" }
    if undecided > 0 { parts.append("not known for \(connections(undecided))") }
    return "captured " + parts.joined(separator: "; ")
  }

  private func connections(_ count: Int) -> String {
    count == 1 ? "1 connection" : "\(count) connections"
  }
}
