package import LingerDiagnostics
package import LingerModel

/// One instruction. What `a` to `f` are stands with its operation: registers, unless it says
/// otherwise.
struct Instruction: Sendable {
  var operation: Operation
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
  var d: Int32 = 0
  var e: Int32 = 0
  var f: Int32 = 0

  init(
    _ operation: Operation,
    _ a: Int = 0,
    _ b: Int = 0,
    _ c: Int = 0,
    _ d: Int = 0,
    _ e: Int = 0,
    _ f: Int = 0
  ) {
    self.operation = operation
    self.a = Int32(a)
    self.b = Int32(b)
    self.c = Int32(c)
    self.d = Int32(d)
    self.e = Int32(e)
    self.f = Int32(f)
  }

  /// Whether it goes on at place `a`, perhaps.
  var isJump: Bool {
    operation == .jump || operation == .jumpIfFalse || operation == .jumpIfTrue
  }

  enum Operation: UInt8, Sendable {
    /// a = b
    case move
    /// The c (a number) registers from a = those from b.
    case moveMany
    /// The b (a number) registers from a = 0.
    case zero
    /// a = b op c; fails at d (an error) where the result does not fit.
    case add
    case subtract
    case multiply
    /// The same; fails at d + 1 where the divisor is 0.
    case divide
    case remainder
    /// a = b op c, 0 or 1.
    case equal
    case less
    case lessOrEqual
    /// a = whether the d (a number) registers from b equal those from c.
    case equalMany
    /// a = 1 - b
    case not
    /// Bits: a = b with bit c set; with bit c cleared; whether b has bit c; how many bits b has.
    case setBit
    case clearBit
    case testBit
    case countBits
    /// On to a (a place in the code), where b is 0, or is not.
    case jump
    case jumpIfFalse
    case jumpIfTrue
    /// Fails at d (an error) unless b <= a <= c.
    case check
    /// The d (a number) registers from a = those from b + c times d (b a place, c a register),
    /// which are among the f (a number) registers from b.
    case load
    /// The d (a number) registers from a + b (a place and a register) = those from c; the former
    /// are among the f (a number) registers from a.
    case store
    /// a = whether one of the c (a register) values from b equals that from d; e (a number) wide,
    /// and no more than fill the f (a number) registers from b.
    case find
    /// Writes the value with number b to the registers from a; c a codec.
    case write
    /// a = whether the time since the start of a timer compares so with a duration: b a question, c
    /// the timer's flag, d one of the six comparisons as bits for less, equal and more.
    case elapsed
    /// A round of a loop.
    case poll
    /// Fails at a (an error).
    case fail
    /// Sends the message from c, of kind a, to instance b; fails at d (an error) where that is the
    /// sender itself.
    case send
    /// a = copies in flight of the message from e, of kind b, from instance c to d.
    case copies
    /// Notes that the value from a was chosen (b a codec), and that the next one is taken at place
    /// d of the code when this way is done.
    case choose
    /// There is not another value: this way ends without a step.
    case backtrack
    /// The guard's answer is a.
    case answer
    /// Notes that timer a was started for duration b (a number).
    case noteStart
    /// Notes that timer a was cancelled.
    case noteCancel
    /// Notes signal a with the c (a number) registers from b.
    case noteSignal
    /// a = the next value that site b (a number) was told to try, counted by c; ends this way
    /// without a step after the last.
    case hinted
    /// The body is done.
    case end
  }
}

/// Where and how a step can fail.
package struct ErrorSite: Hashable, Sendable {
  package var kind: SpecError.Kind
  package var span: Span

  package init(kind: SpecError.Kind, span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// What a guard asks about elapsed time; guards that ask the same share the answer.
package struct KernelElapsedQuestion: Hashable, Sendable {
  package var role: Int
  package var timer: Int
  /// Without places, so that two guards may ask the same.
  package var duration: Expression
}

/// A network and the record that it carries.
package struct MessageKind: Hashable, Sendable {
  package var network: Int
  package var record: Int

  package init(network: Int, record: Int) {
    self.network = network
    self.record = record
  }
}
