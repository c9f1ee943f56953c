import LingerEval

/// A small random protocol as source text.
///
/// Text, not a model, so that parser and type checker are exercised too, and so that a failure
/// can be read and kept as a spec. The same seed gives the same text on every machine. Ranges
/// start at 0 or -1 and reach 1 at least. Literals stay inside; results leave their range, and so
/// do constants that depend on parameters, which the compiler cannot refuse.
package struct RandomSpec: Sendable {
  package let seed: UInt64
  package let text: String

  /// Where it `avoidsNames`, instances are mostly called `self` or by a binder, so that they may
  /// be symmetric.
  package init(seed: UInt64, avoidsNames: Bool = false) {
    self.seed = seed
    var writer = SpecWriter(seed: seed, avoidsNames: avoidsNames)
    text = "// random spec, seed \(seed)\n" + writer.spec()
  }
}

/// A type of the language, with what is needed to write values of it.
indirect enum RandomType: Equatable {
  case bool
  case range(Int, Int)
  /// `0...n` of which only a few values are used: many bits, few states.
  case wide(Int)
  case enumeration(String, [String])
  case optional(RandomType)
  case set(RandomType)
  case array(Int, RandomType)
  /// An array with an enum or a role as its index; the cases as they are written.
  case map(String, [String], RandomType)
  case queue(Int, RandomType)
  case record(String, [RandomName])
  case instance(String)

  /// As written in a spec.
  var source: String {
    switch self {
    case .bool: "Bool"
    case .range(let low, 2): "\(low)...two"
    case .range(let low, let high): "\(low)...\(high)"
    case .wide(let high): "0...\(high)"
    case .enumeration(let name, _), .record(let name, _), .instance(let name): name
    case .optional(let wrapped):
      if case .range = wrapped { "(\(wrapped.source))?" } else { "\(wrapped.source)?" }
    case .set(let element): "Set<\(element.source)>"
    case .array(let count, let element): "[\(count == 2 ? "two" : "\(count)") of \(element.source)]"
    case .map(let index, _, let element): "[\(index): \(element.source)]"
    case .queue(let capacity, let element):
      "Queue<\(element.source), \(capacity == 2 ? "two" : "\(capacity)")>"
    }
  }

  /// How many values it has, roughly; only small products are used.
  var size: Int {
    switch self {
    case .bool: 2
    case .range(let low, let high): high - low + 1
    case .wide: 3
    case .enumeration(_, let cases): cases.count
    case .optional(let wrapped): wrapped.size + 1
    case .set(.instance): 4
    case .set(let element): 1 << element.size
    case .array(let count, let element): (0..<count).reduce(1) { size, _ in size * element.size }
    case .map(_, let cases, let element): cases.reduce(1) { size, _ in size * element.size }
    case .queue(let capacity, let element):
      (0..<capacity).reduce(1) { size, _ in size * element.size + 1 }
    case .record(_, let fields): fields.reduce(1) { $0 * $1.type.size }
    case .instance: 3
    }
  }

  /// Whether its size is what ``size`` says.
  var isSmall: Bool { if case .wide = self { false } else { true } }

  var isRange: Bool { if case .range = self { true } else { false } }

  var isInstance: Bool { if case .instance = self { true } else { false } }

  /// Whether its values are made of others and can be written with constants in them.
  var isComposite: Bool {
    switch self {
    case .optional, .set, .array, .map, .queue: true
    case .bool, .range, .wide, .enumeration, .record, .instance: false
    }
  }
}

/// A variable, field, parameter or local: how it is written and its type.
struct RandomName: Equatable {
  var text: String
  var type: RandomType
}

struct RandomMessage: Equatable {
  var name: String
  var fields: [RandomName]

  /// How many different messages of this kind there are.
  var size: Int { fields.reduce(1) { $0 * $1.type.size } }
}

/// A role while it is made up.
struct RandomRole {
  var name: String
  var instances: [String]
  /// They are the members of one family.
  var isFamily = false
  var variables: [RandomName] = []
  var ghost: RandomName?
  var timers: [String] = []
  /// Two timers `bell[0]` and `bell[1]` of one declaration, which are among the timers.
  var hasBells = false
  var hasSignal = false
  /// Messages that it may send, and to which role.
  var sends: [(message: RandomMessage, role: String)] = []
  /// Messages that it may receive.
  var receives: [RandomMessage] = []
}

/// Writes one spec: first the shape (roles, messages, routes), then the text.
struct SpecWriter {
  var numbers: RandomNumbers
  var lines: [String] = []
  var enumerations: [RandomType] = []
  var records: [RandomType] = []
  var messages: [RandomMessage] = []
  var roles: [RandomRole] = []
  /// The helper `let low(v: 0...2) -> Bool` is declared.
  var hasHelper = false
  /// Constants by parameters, first 0 to 3 in order: any may be outside where it is used.
  static let constants = ["none", "few", "some", "many", "few - two", "some * two"]
  /// Some variable begins with any value.
  var hasOpenVariables = false
  /// How many locals were named so far; every one gets a new name.
  var localCount = 0

  /// Whether the names of instances stand in the text only where there is no other way.
  let avoidsNames: Bool

  init(seed: UInt64, avoidsNames: Bool) {
    numbers = RandomNumbers(seed: seed)
    self.avoidsNames = avoidsNames
  }

  mutating func spec() -> String {
    makeShape()
    lines.append("protocol Random")
    if numbers.happens(30) { lines.append("parameter limit: 1...3 = \(1 + numbers.below(2))") }
    lines.append("parameter none: -1...3 = 0; parameter few: -1...3 = 1")
    lines.append("parameter some: -1...3 = 2; parameter many: -1...9 = 3; let two = some")
    lines.append("let same(v: -9...9) -> -9...9 = v")
    for type in enumerations {
      guard case .enumeration(let name, let cases) = type else { continue }
      lines.append("enum \(name) { \(cases.joined(separator: ", ")) }")
    }
    for type in records {
      guard case .record(let name, let fields) = type else { continue }
      lines.append("struct \(name) { \(list(fields)) }")
    }
    for message in messages { lines.append("message \(message.name) { \(list(message.fields)) }") }
    if hasHelper { lines.append("let low(v: 0...2) -> Bool = v < 2") }
    writeNetworks()
    for index in roles.indices { writeRole(index) }
    for role in roles { writeInstances(of: role) }
    writeProperties()
    return lines.joined(separator: "\n") + "\n"
  }

  private func list(_ fields: [RandomName]) -> String {
    fields.map { "\($0.text): \($0.type.source)" }.joined(separator: ", ")
  }

  mutating func newLocal(_ prefix: String) -> String {
    localCount += 1
    return "\(prefix)\(localCount)"
  }
}

/// The shape: how many roles and instances, what they say to each other, what they hold.
extension SpecWriter {
  private mutating func makeShape() {
    enumerations = [.enumeration("Phase", Array(["IDLE", "BUSY", "DONE"].prefix(roll(2, 3))))]
    if numbers.happens(25) {
      records = [
        .record(
          "Pair",
          [
            RandomName(text: "x", type: .range(0, 1)),
            RandomName(text: "y", type: numbers.happens(50) ? .bool : enumerations[0]),
          ]
        )
      ]
    }
    hasHelper = numbers.happens(35)
    let layouts: [[Int]] = [[1], [2], [2], [3], [1, 1], [1, 1], [1, 1], [1, 2], [2, 1]]
    let counts = numbers.pick(layouts)
    var free = ["a", "b", "c"]
    for (index, count) in counts.enumerated() {
      roles.append(
        RandomRole(name: index == 0 ? "Left" : "Right", instances: Array(free.prefix(count)))
      )
      free.removeFirst(count)
      // The same instances as a family.
      if count > 1, numbers.happens(25) {
        roles[index].instances = (0..<count).map { "\(roles[index].instances[0])[\($0)]" }
        roles[index].isFamily = true
      }
    }
    let instanceCount = counts.reduce(0, +)
    if instanceCount > 1 { makeMessages(instanceCount: instanceCount) }
    for index in roles.indices { makeMembers(ofRole: index, instanceCount: instanceCount) }
  }

  private mutating func makeMessages(instanceCount: Int) {
    let most = instanceCount == 3 ? 2 : 4
    for name in ["Ping", "Pong"].prefix(roll(1, 2)) {
      var fields: [RandomName] = []
      for field in ["n", "t"].prefix(numbers.below(3)) {
        let type = randomType(maximumSize: 3, scalarOnly: true)
        let size = fields.reduce(type.size) { $0 * $1.type.size }
        if size <= most { fields.append(RandomName(text: field, type: type)) }
      }
      if numbers.happens(12) {
        fields.append(
          RandomName(text: "wide", type: .wide(numbers.pick([70, 600, 9000, 1 << 33])))
        )
      }
      messages.append(RandomMessage(name: name, fields: fields))
    }
    for sender in roles.indices {
      for receiver in roles.indices {
        let isAlone = roles[receiver].instances.count == 1
        if sender == receiver && (isAlone || (roles.count > 1 && numbers.happens(60))) {
          continue
        }
        for message in messages
        where numbers.happens(75) || (roles[sender].sends.isEmpty && message == messages.last) {
          roles[sender].sends.append((message, roles[receiver].name))
          if !roles[receiver].receives.contains(where: { $0.name == message.name }) {
            roles[receiver].receives.append(message)
          }
        }
      }
    }
  }

  private mutating func makeMembers(ofRole index: Int, instanceCount: Int) {
    let most = [0, 120, 18, 6][instanceCount]
    var size = 1
    if numbers.happens(75) {
      roles[index].variables.append(RandomName(text: "phase", type: enumerations[0]))
      size *= enumerations[0].size
    }
    for name in ["v", "w"].prefix(instanceCount == 3 ? 1 : 2) {
      let type = randomType(
        maximumSize: max(2, most / size),
        scalarOnly: false,
        holdsInstances: numbers.happens(avoidsNames ? 60 : 25)
      )
      roles[index].variables.append(RandomName(text: name, type: type))
      size *= type.size
    }
    if numbers.happens(12) {
      let high = numbers.pick([1000, 1 << 33, (1 << 62) - 1])
      roles[index].variables.append(RandomName(text: "wide", type: .wide(high)))
    }
    if numbers.happens(20) { roles[index].ghost = RandomName(text: "seen", type: .bool) }
    roles[index].timers = Array(["tick", "tock"].prefix(numbers.below(instanceCount == 3 ? 2 : 3)))
    roles[index].hasSignal = numbers.happens(20)
    if instanceCount < 3, numbers.happens(15) {
      roles[index].hasBells = true
      roles[index].timers = Array(roles[index].timers.prefix(1)) + ["bell[0]", "bell[1]"]
    }
  }

  /// A type with at most so many values; with instances in them where that is wanted and possible.
  mutating func randomType(
    maximumSize: Int,
    scalarOnly: Bool,
    holdsInstances: Bool = false
  ) -> RandomType {
    let element: RandomType = numbers.happens(50) ? .bool : .range(0, 1)
    var candidates: [RandomType] = [
      .bool, .range(0, 1), .range(0, 2), .range(-1, 1), .range(0, 3), enumerations[0],
      .optional(element), .optional(enumerations[0]),
    ]
    if !scalarOnly {
      candidates += [
        .set(.range(0, 1)), .set(enumerations[0]), .array(2, element), .array(2, .range(0, 2)),
        .queue(2, element), .queue(1, enumerations[0]), .optional(.range(0, 2)),
      ]
      if case .enumeration(let name, let cases) = enumerations[0] {
        candidates.append(.map(name, cases.map { ".\($0)" }, element))
      }
      candidates += records
    }
    if let role = roles.first, role.instances.count > 1 {
      let instance = RandomType.instance(role.name)
      let holders: [RandomType] = [
        .set(instance), .queue(1, instance), .map(role.name, role.instances, element),
        .map(role.name, role.instances, .optional(.bool)),
      ]
      // A variable that is an instance begins with one, which has a name.
      let plain = avoidsNames ? [] : [instance]
      let some = plain + [.optional(instance)] + (scalarOnly ? [] : holders)
      if holdsInstances, let type = numbers.chosen(some, upTo: maximumSize) { return type }
      candidates += some
    }
    return numbers.chosen(candidates, upTo: maximumSize) ?? .bool
  }

  mutating func roll(_ low: Int, _ high: Int) -> Int { low + numbers.below(high - low + 1) }
}

extension RandomNumbers {
  /// One of the types that have at most so many values; nil where none has.
  fileprivate mutating func chosen(_ types: [RandomType], upTo size: Int) -> RandomType? {
    let fitting = types.filter { $0.size <= size }
    return fitting.isEmpty ? nil : pick(fitting)
  }
}
