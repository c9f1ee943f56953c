/// How the registers of one transition's code are called in C.
///
/// Those that are reached by a computed place stand in arrays, all others by themselves. The
/// instance's own begin with what they are outside, called `o` and their number.
struct RegisterNames {
  /// Places that jumps and choices lead to.
  let targets: Set<Int>
  /// Ranges that are arrays, ascending.
  private let arrays: [Range<Int>]
  private let scalars: [Int]
  private let own: Range<Int>
  private let constants: [Int]

  init(
    _ code: ArraySlice<Instruction>,
    _ transition: LoweredTransition,
    _ layout: RegisterLayout,
    _ program: KernelProgram
  ) {
    constants = program.constants
    own = RegisterLayout.constants..<layout.end
    var targets: Set<Int> = []
    var used = Set(own)
    var reached: [Range<Int>] = []
    func note(_ registers: Range<Int>) { used.formUnion(registers) }
    for input in transition.inputs { note(input.register..<(input.register + input.codec.width)) }
    if let sender = transition.sender { used.insert(sender) }
    for step in code {
      for range in step.registers(program) { note(range) }
      switch step.operation {
      case .jump, .jumpIfTrue, .jumpIfFalse: targets.insert(Int(step.a))
      case .choose: targets.insert(Int(step.d))
      case .load, .find: reached.append(Int(step.b)..<Int(step.b + step.f))
      case .store: reached.append(Int(step.a)..<Int(step.a + step.f))
      default: break
      }
    }
    reached = reached.filter { $0.lowerBound >= RegisterLayout.constants && !$0.isEmpty }
    reached.sort { $0.lowerBound < $1.lowerBound }
    var arrays: [Range<Int>] = []
    for range in reached {
      if let last = arrays.last, range.lowerBound < last.upperBound {
        arrays[arrays.count - 1] =
          last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        arrays.append(range)
      }
    }
    self.targets = targets
    self.arrays = arrays
    scalars = used.filter { register in
      register >= RegisterLayout.constants && !arrays.contains { $0.contains(register) }
    }.sorted()
  }

  func name(_ register: Int) -> String { name(register, "") }

  private func name(_ register: Int, _ prefix: String) -> String {
    if register < RegisterLayout.constants { return cText(constants[register]) }
    if let array = arrays.first(where: { $0.contains(register) }) {
      return "\(prefix)a\(array.lowerBound)[\(register - array.lowerBound)]"
    }
    return "\(prefix)r\(register)"
  }

  /// The register so many behind one, of so many from there.
  func indexed(_ register: Int, of room: Int, by offset: String) -> String {
    if register < RegisterLayout.constants {
      // A table among the constants.
      let list = constants[register...].prefix(room).map(cText).joined(separator: ", ")
      return "((const i64[]){\(list)})[\(offset)]"
    }
    guard let array = arrays.first(where: { $0.contains(register) }) else { return "0" }
    return "a\(array.lowerBound)[\(register - array.lowerBound) + \(offset)]"
  }

  var declarations: String {
    var text = ""
    for register in scalars {
      text += "i64 r\(register) = \(own.contains(register) ? "o\(register)" : "0");\n"
    }
    for array in arrays {
      let values = array.map { own.contains($0) ? "o\($0)" : "0" }.joined(separator: ", ")
      text += "i64 a\(array.lowerBound)[\(array.count)] = {\(values)};\n"
    }
    return text
  }

  /// Room for a copy of all.
  func declarations(of prefix: String) -> String {
    scalars.map { "i64 \(prefix)r\($0) = 0;\n" }.joined()
      + arrays.map { "i64 \(prefix)a\($0.lowerBound)[\($0.count)];\n" }.joined()
  }

  func copies(to target: String, from source: String) -> String {
    (scalars + arrays.flatMap { Array($0) }).map {
      "\(name($0, target)) = \(name($0, source));\n"
    }.joined()
  }
}

extension Instruction {
  /// The registers that it may write.
  func written(_ program: KernelProgram) -> Range<Int> {
    let first = Int(a)
    switch operation {
    case .jump, .jumpIfFalse, .jumpIfTrue, .check, .poll, .fail, .send, .choose, .backtrack,
      .answer, .end, .noteStart, .noteCancel, .noteSignal:
      return first..<first
    case .moveMany: return first..<(first + Int(c))
    case .zero: return first..<(first + Int(b))
    case .load: return first..<(first + Int(d))
    case .store: return first..<(first + Int(f))
    case .write: return first..<(first + program.codecs[Int(c)].width)
    case .move, .add, .subtract, .multiply, .divide, .remainder, .equal, .less, .lessOrEqual,
      .equalMany, .not, .setBit, .clearBit, .testBit, .countBits, .find, .elapsed, .copies,
      .hinted:
      return first..<(first + 1)
    }
  }

  /// The registers that it reads or writes, but for those that it reaches by a computed place.
  fileprivate func registers(_ program: KernelProgram) -> [Range<Int>] {
    func one(_ register: Int32) -> Range<Int> { many(register, 1) }
    func many(_ register: Int32, _ count: Int) -> Range<Int> {
      Int(register)..<(Int(register) + count)
    }
    let kind = operation == .send ? Int(a) : operation == .copies ? Int(b) : 0
    let message = { program.codecs[program.kindCodecs[kind]].width }
    switch operation {
    case .move, .not, .countBits: return [one(a), one(b)]
    case .moveMany: return [many(a, Int(c)), many(b, Int(c))]
    case .zero: return [many(a, Int(b))]
    case .add, .subtract, .multiply, .divide, .remainder, .equal, .less, .lessOrEqual, .setBit,
      .clearBit, .testBit, .check:
      return [one(a), one(b), one(c)]
    case .equalMany: return [one(a), many(b, Int(d)), many(c, Int(d))]
    case .jump, .poll, .fail, .backtrack, .end, .noteStart, .noteCancel: return []
    case .noteSignal: return [many(b, Int(c))]
    case .hinted: return [one(a), one(c)]
    case .jumpIfFalse, .jumpIfTrue: return [one(b)]
    case .load: return [many(a, Int(d)), one(c)]
    case .store: return [one(b), many(c, Int(d))]
    case .find: return [one(a), one(c), many(d, Int(e))]
    case .write: return [many(a, program.codecs[Int(c)].width), one(b)]
    case .elapsed: return [one(a), one(c)]
    case .send: return [one(b), many(c, message())]
    case .copies: return [one(a), one(c), one(d), many(e, message())]
    case .choose: return []
    case .answer: return [one(a)]
    }
  }
}
