/// A subject whose type is known to it alone, and whose messages have numbers.
///
/// It is made of closures that are compiled with the subject: what is called through a protocol
/// would ask at run time what its types are, each time.
@usableFromInline
package struct SubjectHandle {
  /// Makes a fresh subject, with the spec's parameters.
  @usableFromInline let reset: ([String: ConformanceValue], inout HandledStep) -> Void
  @usableFromInline let call: (String, [String: ConformanceValue], inout HandledStep) throws -> Void
  @usableFromInline let receive: (Int, inout HandledStep) -> Void
  @usableFromInline let advance: (inout HandledStep) -> Void
  /// A message as JSON.
  @usableFromInline let encoded: (Int) -> [UInt8]?
  /// The number of a message that is read from JSON.
  @usableFromInline let decoded: ([UInt8]) -> Int?
  /// Takes the numbers of all messages from them.
  @usableFromInline let forgetMessages: () -> Void
  /// The name of the messages' type.
  @usableFromInline let messageType: String

  @inlinable
  init<Subject: ConformanceSubject>(_ makeSubject: @escaping () -> Subject) {
    var talk = Talk(makeSubject())
    reset = { parameters, step in
      talk.subject = makeSubject()
      talk.subject.reset(parameters: parameters)
      talk.begin(&step)
      talk.end(&step)
    }
    call = { name, arguments, step in
      talk.begin(&step)
      try talk.call(name, arguments)
      talk.end(&step)
    }
    receive = { message, step in
      talk.begin(&step)
      talk.receive(message)
      talk.end(&step)
    }
    advance = { step in
      talk.begin(&step)
      talk.advance()
      talk.end(&step)
    }
    encoded = { message in jsonBytes(of: talk.messages[message]) }
    decoded = { bytes in message(fromJSON: bytes).map { talk.number(of: $0) } }
    forgetMessages = { talk.forgetMessages() }
    messageType = "\(Subject.Message.self)"
  }
}

/// What a subject is told, and what it does about it.
@usableFromInline
package struct HandledStep {
  @usableFromInline var time = Duration.zero
  /// What came out, in order; messages by number.
  @usableFromInline var outputs: [StepOutput] = []
  @usableFromInline var state: [String: ConformanceValue] = [:]
  @usableFromInline var deadline: Duration?
  /// How many messages have numbers.
  @usableFromInline var messageCount = 0
}

/// A subject and the messages that it was seen to take and send.
@usableFromInline
struct Talk<Subject: ConformanceSubject> {
  @usableFromInline var subject: Subject
  /// By number.
  @usableFromInline var messages: [Subject.Message] = []
  @usableFromInline var numbers: [Subject.Message: Int] = [:]
  @usableFromInline var step = ConformanceStep<Subject.Message>(time: .zero)

  @inlinable init(_ subject: Subject) { self.subject = subject }

  /// Lends what came out the room of what came out before.
  @inlinable
  mutating func begin(_ handled: inout HandledStep) {
    step.now = handled.time
    if !step.messages.isEmpty { step.messages.removeAll(keepingCapacity: true) }
    handled.outputs.removeAll(keepingCapacity: true)
    swap(&step.outputs, &handled.outputs)
    if !step.outputs.isEmpty { step.outputs.removeAll(keepingCapacity: true) }
  }

  @inlinable
  mutating func end(_ handled: inout HandledStep) {
    swap(&step.outputs, &handled.outputs)
    if !step.messages.isEmpty {
      for place in handled.outputs.indices {
        guard case .message(let sent) = handled.outputs[place].kind else { continue }
        handled.outputs[place].kind = .message(number(of: step.messages[sent]))
      }
    }
    handled.state = subject.reportedState
    handled.deadline = subject.nextDeadline
    handled.messageCount = messages.count
  }

  @inlinable
  mutating func call(_ name: String, _ arguments: [String: ConformanceValue]) throws {
    try subject.call(name, arguments: arguments, &step)
  }

  @inlinable mutating func receive(_ message: Int) { subject.receive(messages[message], &step) }

  @inlinable mutating func advance() { subject.advance(&step) }

  @inlinable
  mutating func number(of message: Subject.Message) -> Int {
    if let known = numbers[message] { return known }
    messages.append(message)
    numbers[message] = messages.count - 1
    return messages.count - 1
  }

  @inlinable
  mutating func forgetMessages() {
    messages.removeAll()
    numbers.removeAll()
  }
}
