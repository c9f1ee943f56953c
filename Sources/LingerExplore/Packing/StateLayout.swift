package import LingerModel

/// How much room a layout gives to what is in flight; a run that needs more starts again.
package struct LayoutSize: Sendable {
  /// Places for messages in networks too large for counters, and in queues.
  package var slotCount = 8
  /// Bits of a message's number where numbers are given out as messages appear.
  package var numberBits = 16
  /// By network the queues that have places, of a network with many.
  private var usedQueues: [Int: Set<Int>] = [:]

  package init() {}

  private static let mostNumberBits = 31
  /// Up to so many queues of a network have places from the start...
  private static let fewQueues = 4
  /// ...and of more all have once so many, and a quarter of them, are used: most runs that start
  /// again for a queue do so within the first states.
  private static let manyUsed = 8

  /// Whether a queue has places: in a ring few pairs of instances send to one another.
  func hasPlaces(_ pair: Int, of network: Int, queues: Int) -> Bool {
    let used = usedQueues[network] ?? []
    return queues <= Self.fewQueues || used.count > max(Self.manyUsed, queues / 4)
      || used.contains(pair)
  }

  /// A size without this overflow; nil where there is none.
  func enlarged(after overflow: LayoutOverflow) -> LayoutSize? {
    var larger = self
    switch overflow {
    case .slots: larger.slotCount *= 2
    case .queue(let network, let pair): larger.usedQueues[network, default: []].insert(pair)
    case .numbers where numberBits < Self.mostNumberBits: larger.numberBits = Self.mostNumberBits
    case .numbers: return nil
    }
    return larger
  }
}

/// What a layout has too little of.
package enum LayoutOverflow: Error {
  case slots
  case numbers
  /// The queue of a pair of instances has no places.
  case queue(network: Int, pair: Int)
}

/// Where everything of a state lies in its packed words.
///
/// Each variable is stored as its value's ordinal in as many bits as its type needs, each timer
/// as one bit; the variables and timers of one instance stand together, so that an instance's
/// local state is a few masked words (``InstanceLayout/segments``). Networks follow.
package struct StateLayout {
  package let model: Model
  package let wordCount: Int
  package let bitCount: Int
  package let instances: [InstanceLayout]
  package let networks: [PackedNetwork]

  package let size: LayoutSize

  /// Lays a model's states out.
  package init(_ model: Model, size: LayoutSize = LayoutSize()) {
    self.model = model
    self.size = size
    var allocator = BitAllocator()
    instances = model.instances.indices.map { number in
      InstanceLayout(instance: number, model: model, allocator: &allocator)
    }
    networks = model.networks.indices.map { number in
      PackedNetwork(
        model.networks[number],
        space: MessageSpace(network: number, model: model),
        size: size,
        allocator: &allocator
      )
    }
    wordCount = allocator.wordCount
    bitCount = allocator.bitCount
  }

  /// The packed form of a state.
  package func pack(_ state: State) throws(LayoutOverflow) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: wordCount)
    for (layout, local) in zip(instances, state.instances) {
      layout.pack(local, model: model, into: &words)
    }
    for (network, content) in zip(networks, state.networks) {
      if let left = content.lossLeft { network.lossLeft?.set(UInt64(left), in: &words) }
      if let left = content.duplicationLeft {
        network.duplicationLeft?.set(UInt64(left), in: &words)
      }
      for message in content.messages {
        guard let number = network.space.number(of: message.envelope) else {
          preconditionFailure("a message is in flight that no route carries")
        }
        for _ in 0..<message.copies {
          if case .overflow(let overflow) = network.send(number, in: &words) { throw overflow }
        }
      }
    }
    return words
  }

  /// The message with a network's number, if there is one.
  func envelope(_ message: (network: Int, number: Int)?) -> Envelope? {
    message.map { networks[$0.network].space.envelope($0.number) }
  }

  /// The plain form of a packed state.
  package func unpack(_ words: some PackedWords) -> State {
    var entries: [PackedNetwork.Entry] = []
    return State(
      instances: instances.map { $0.unpack(words, model: model) },
      networks: networks.map { network in
        network.entries(in: words, into: &entries)
        return State.NetworkState(
          messages: entries.map {
            State.InFlight(envelope: network.space.envelope($0.number), copies: $0.copies)
          },
          lossLeft: network.lossLeft.map { Int($0.get(words)) },
          duplicationLeft: network.duplicationLeft.map { Int($0.get(words)) }
        )
      }
    )
  }
}

/// Where one instance's variables and timers lie.
package struct InstanceLayout: Sendable {
  package let instance: Int
  package let variables: [BitField]
  package let timers: [BitField]
  private let types: [ModelType]
  /// The words that hold any of it, with the bits that do.
  package let segments: [(word: Int, mask: UInt64)]

  init(instance: Int, model: Model, allocator: inout BitAllocator) {
    self.instance = instance
    let role = model.roles[model.instances[instance].role]
    types = role.variables.map(\.type)
    let widths = types.map { BitField.width(for: model.cardinality(of: $0) ?? .max) }
    let total = widths.reduce(role.timers.count, +)
    if total <= 64, total > allocator.remaining { allocator.startWord() }
    variables = widths.map { allocator.allocate($0) }
    timers = role.timers.map { _ in allocator.allocate(1) }
    var segments: [(word: Int, mask: UInt64)] = []
    for field in variables + timers where field.width > 0 {
      if let index = segments.firstIndex(where: { $0.word == field.word }) {
        segments[index].mask |= field.mask
      } else {
        segments.append((field.word, field.mask))
      }
    }
    self.segments = segments
  }

  package func pack(
    _ local: State.InstanceState,
    model: Model,
    into words: inout some PackedWords
  ) {
    for (index, field) in variables.enumerated() {
      let ordinal = model.ordinal(of: local.variables[index], in: types[index]) ?? 0
      field.set(UInt64(ordinal), in: &words)
    }
    for (index, field) in timers.enumerated() {
      field.set(local.armed[index] ? 1 : 0, in: &words)
    }
  }

  package func unpack(_ words: some PackedWords, model: Model) -> State.InstanceState {
    State.InstanceState(
      variables: zip(variables, types).map { field, type in
        model.value(at: Int(field.get(words)), in: type)
      },
      armed: timers.map { $0.get(words) == 1 }
    )
  }
}
