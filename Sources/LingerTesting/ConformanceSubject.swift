/// An implementation of one party of a spec, to be held against it by
/// ``expectConformance(to:role:_:)``.
///
/// It is what a program behind the line protocol is (docs/line-protocol.md), in process: Linger
/// owns time, the other parties and the network; the subject does what it is told and says what
/// comes out. Time is virtual and counted from the latest reset. Times are compared exactly, to the
/// nanosecond: keep them as `Duration`s, since sums of binary fractions are not exact.
public protocol ConformanceSubject {
  /// The messages that it takes and sends, coded by the spec's names: a struct whose members are
  /// the fields of the spec's message, or, where there are several messages, an enum with a case of
  /// labelled values for each (`case frame(bit: Int)` for `message Frame`).
  associatedtype Message: Codable & Hashable

  /// Begins anew: a fresh instance in its initial state, at time 0.
  ///
  /// - Parameter parameters: the values of the spec's parameters, by name.
  mutating func reset(parameters: [String: ConformanceValue])

  /// The application calls.
  ///
  /// - Throws: ``CallRefused`` where the call is not possible now; then it has not happened.
  mutating func call(
    _ name: String,
    arguments: [String: ConformanceValue],
    _ step: inout ConformanceStep<Message>
  ) throws

  /// A message arrives.
  mutating func receive(_ message: Message, _ step: inout ConformanceStep<Message>)

  /// Time passes until `step.time`: every timer that is due by then expires, in order.
  mutating func advance(_ step: inout ConformanceStep<Message>)

  /// When the next timer is due; nil for none, or where it is not said.
  var nextDeadline: Duration? { get }

  /// The values of variables of the spec's role that it can tell; each is compared.
  var reportedState: [String: ConformanceValue] { get }
}

extension ConformanceSubject {
  /// Not said.
  public var nextDeadline: Duration? { nil }
  /// Nothing is told.
  public var reportedState: [String: ConformanceValue] { [:] }
}

/// One thing that a subject is told, and what comes out of it.
///
/// Inlinable, so that what a subject calls is compiled for its messages, with it.
public struct ConformanceStep<Message> {
  @usableFromInline var now: Duration
  /// What came out, in order.
  @usableFromInline var outputs: [StepOutput] = []
  @usableFromInline var messages: [Message] = []

  @inlinable init(time: Duration) { now = time }

  /// Now, since the latest reset.
  @inlinable public var time: Duration { now }

  /// The subject sends a message, now or, while time passes, at an earlier moment.
  @inlinable
  public mutating func send(_ message: Message, at moment: Duration? = nil) {
    outputs.append(StepOutput(moment ?? time, .message(messages.count)))
    messages.append(message)
  }

  /// The subject tells its application something.
  @inlinable
  public mutating func signal(
    _ name: String,
    arguments: [String: ConformanceValue] = [:],
    at moment: Duration? = nil
  ) {
    outputs.append(StepOutput(moment ?? time, .signal(name, arguments)))
  }
}

/// Something that came out in a step.
@usableFromInline
struct StepOutput {
  @usableFromInline var time: Duration
  @usableFromInline var kind: Kind

  @inlinable
  init(_ time: Duration, _ kind: Kind) {
    (self.time, self.kind) = (time, kind)
  }

  @usableFromInline
  enum Kind {
    /// Its number.
    case message(Int)
    case signal(String, [String: ConformanceValue])
  }
}

/// A call that is not possible now.
public struct CallRefused: Error {
  /// The call has not happened.
  public init() {}
}

/// A value of the spec's: what its parameters are, and what calls and signals carry.
public enum ConformanceValue: Hashable, Sendable {
  case bool(Bool)
  case integer(Int)
  case duration(Duration)
  /// A case of an enum, without the dot.
  case name(String)

  /// The number; nil for anything else.
  public var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  /// The truth value; nil for anything else.
  public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  /// The time; nil for anything else.
  public var duration: Duration? { if case .duration(let time) = self { time } else { nil } }
  /// The case of an enum; nil for anything else.
  public var name: String? { if case .name(let name) = self { name } else { nil } }
}

extension ConformanceValue: ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByStringLiteral
{
  /// A number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A case of an enum.
  public init(stringLiteral value: String) { self = .name(value) }
}
