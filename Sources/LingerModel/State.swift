/// A message on its way: who sent it to whom, over which network, and its value.
package struct Envelope: Hashable, Sendable, Comparable {
  package var network: Int
  package var sender: Int
  package var receiver: Int
  /// A ``Value/record(_:_:)`` of a message.
  package var message: Value

  package init(network: Int, sender: Int, receiver: Int, message: Value) {
    self.network = network
    self.sender = sender
    self.receiver = receiver
    self.message = message
  }

  /// By network, receiver, sender, message: the order in which deliveries are tried.
  package static func < (left: Envelope, right: Envelope) -> Bool {
    let a = (left.network, left.receiver, left.sender)
    let b = (right.network, right.receiver, right.sender)
    return a != b ? a < b : left.message < right.message
  }
}

/// A state in plain values: the reference form, which traces and reports show.
package struct State: Hashable, Sendable {
  package struct InstanceState: Hashable, Sendable {
    package var variables: [Value]
    /// Whether each timer of the role is armed.
    package var armed: [Bool]

    package init(variables: [Value], armed: [Bool]) {
      self.variables = variables
      self.armed = armed
    }
  }

  package struct NetworkState: Hashable, Sendable {
    /// Set and multiset: sorted, with the number of copies (1 in a set). Queue: in order of
    /// arrival within each pair of instances, pairs sorted, every count 1.
    package var messages: [InFlight]
    /// What is left of the budgets; nil where the fault has none.
    package var lossLeft: Int?
    package var duplicationLeft: Int?

    package init(messages: [InFlight], lossLeft: Int?, duplicationLeft: Int?) {
      self.messages = messages
      self.lossLeft = lossLeft
      self.duplicationLeft = duplicationLeft
    }
  }

  package struct InFlight: Hashable, Sendable {
    package var envelope: Envelope
    package var copies: Int

    package init(envelope: Envelope, copies: Int) {
      self.envelope = envelope
      self.copies = copies
    }
  }

  package var instances: [InstanceState]
  package var networks: [NetworkState]

  package init(instances: [InstanceState], networks: [NetworkState]) {
    self.instances = instances
    self.networks = networks
  }
}
