import LingerEval
import LingerModel

extension ControlExploration {
  /// The keys of locations, by number: the numbers of the local states, of what the networks hold,
  /// of the deadlines, and of the ending.
  struct Keys {
    private var rows: RowNumbering
    private let instances: Int
    /// The row that is made next.
    private var row: [Int]
    private(set) var networks = Numbering<[State.NetworkState]>()
    private(set) var deadlines = Numbering<[ControlGraph.Deadline]>()
    /// Counted from 1: 0 stands for none.
    private var endings = Numbering<ControlGraph.Ending>()
    /// For each contents the messages that may arrive.
    var deliverable: [Int: [Int]] = [:]
    /// What sending a message makes of contents, and what its arrival does; -1 where there is no
    /// place.
    private var additions: [Int: Int] = [:]
    private var takings: [Int: Int] = [:]
    /// What changes of timers make of deadlines, and which one expires.
    private var changed: [Int: (deadlines: Int, fires: ControlGraph.Deadline?)] = [:]
    private var timerChanges = Numbering<TimerChanges>()
    private let model: Model

    init(_ model: Model) {
      self.model = model
      instances = model.instances.count
      rows = RowNumbering(width: instances + 3)
      row = Array(repeating: 0, count: instances + 3)
    }
  }

  /// What a step does to timers.
  struct TimerChanges: Hashable {
    /// The clock of the timer that expires.
    var fires: Int?
    /// In order.
    var changes: [TimerChange] = []
  }

  enum TimerChange: Hashable {
    case arm(ControlGraph.Deadline)
    case disarm(Int)
  }
}

extension ControlExploration.Keys {
  var count: Int { rows.count }

  func local(of instance: Int, _ key: Int) -> Int { rows[key, instance] }

  func locals(of key: Int) -> [Int] { (0..<instances).map { rows[key, $0] } }

  func contents(of key: Int) -> Int { rows[key, instances] }

  func deadlines(of key: Int) -> Int { rows[key, instances + 1] }

  func ending(of key: Int) -> ControlGraph.Ending? {
    let number = rows[key, instances + 2]
    return number == 0 ? nil : endings[number - 1]
  }

  /// Takes in the first key.
  mutating func begin(
    _ locals: [Int],
    _ networks: [State.NetworkState],
    _ deadlines: [ControlGraph.Deadline]
  ) {
    let contents = self.networks.number(of: networks)
    row = locals + [contents, self.deadlines.number(of: deadlines), 0]
    _ = rows.number(of: row)
  }

  /// The key of an ending: of the state nothing is left.
  mutating func number(of ending: ControlGraph.Ending) -> Int {
    rows.copy(0, to: &row)
    row[instances + 1] = deadlines.number(of: [])
    row[instances + 2] = endings.number(of: ending) + 1
    return rows.number(of: row)
  }

  /// A key with other contents.
  mutating func number(of key: Int, contents: [State.NetworkState]) -> Int {
    rows.copy(key, to: &row)
    row[instances] = networks.number(of: contents)
    return rows.number(of: row)
  }

  /// The key after a step of an instance.
  mutating func number(
    of key: Int,
    _ instance: Int,
    in local: Int,
    contents: Int,
    deadlines: Int
  ) -> Int {
    rows.copy(key, to: &row)
    row[instance] = local
    row[instances] = contents
    row[instances + 1] = deadlines
    return rows.number(of: row)
  }
}

extension ControlExploration.Keys {
  /// The contents with a message more; nil where there is no place.
  mutating func contents(_ number: Int, adding envelope: Int, _ message: Envelope) -> Int? {
    let pair = number << 32 | envelope
    if let known = additions[pair] { return known < 0 ? nil : known }
    var networks = self.networks[number]
    let isAdded = networks[message.network].add(message, in: model.networks[message.network])
    let result = isAdded ? self.networks.number(of: networks) : nil
    additions[pair] = result ?? -1
    return result
  }

  /// The contents after a message has arrived, of a network that keeps copies.
  mutating func contents(_ number: Int, taking envelope: Int, _ message: Envelope) -> Int {
    let pair = number << 32 | envelope
    if let known = takings[pair] { return known }
    var networks = self.networks[number]
    networks[message.network].take(message, in: model.networks[message.network])
    let result = self.networks.number(of: networks)
    takings[pair] = result
    return result
  }

  mutating func number(of changes: ControlExploration.TimerChanges) -> Int {
    timerChanges.number(of: changes)
  }

  /// The deadlines after changes of timers, and the one that is due where one expires.
  mutating func deadlines(
    _ number: Int,
    after changes: Int
  ) -> (deadlines: Int, fires: ControlGraph.Deadline?) {
    let pair = number << 32 | changes
    if let known = changed[pair] { return known }
    var armed = deadlines[number]
    var fires: ControlGraph.Deadline?
    if let clock = timerChanges[changes].fires {
      fires = armed.first { $0.clock == clock }
      armed.removeAll { $0.clock == clock }
    }
    for change in timerChanges[changes].changes {
      switch change {
      case .arm(let deadline):
        armed.removeAll { $0.clock == deadline.clock }
        armed.append(deadline)
      case .disarm(let clock): armed.removeAll { $0.clock == clock }
      }
    }
    armed.sort { $0.clock < $1.clock }
    let result = (deadlines: deadlines.number(of: armed), fires: fires)
    changed[pair] = result
    return result
  }
}
