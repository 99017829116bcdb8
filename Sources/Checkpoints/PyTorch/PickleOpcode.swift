/// The opcodes that are executed (Python `pickletools`, protocols 2 to 5). All others are refused.
enum PickleOpcode: UInt8 {
  case proto = 0x80
  case stop = 0x2e
  case mark = 0x28
  case emptyDictionary = 0x7d
  case emptyList = 0x5d
  case emptyTuple = 0x29
  case tuple = 0x74
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case binUnicode = 0x58
  case binInt = 0x4a
  case binInt1 = 0x4b
  case binInt2 = 0x4d
  case long1 = 0x8a
  case binFloat = 0x47
  case none = 0x4e
  case newTrue = 0x88
  case newFalse = 0x89
  case append = 0x61
  case appends = 0x65
  case setItem = 0x73
  case setItems = 0x75
  case binPut = 0x71
  case longBinPut = 0x72
  case binGet = 0x68
  case longBinGet = 0x6a
  case global = 0x63
  case binPersistentID = 0x51
  case reduce = 0x52
  case build = 0x62
  // Protocols 3 to 5.
  case frame = 0x95
  case shortBinUnicode = 0x8c
  case memoize = 0x94
  case stackGlobal = 0x93

  /// Names of opcodes that exist and are refused, for messages.
  static func refusedName(_ byte: UInt8) -> String {
    switch byte {
    case 0x69: "INST"
    case 0x6f: "OBJ"
    case 0x81: "NEWOBJ"
    case 0x92: "NEWOBJ_EX"
    case 0x82, 0x83, 0x84: "EXT"
    case 0x50: "PERSID"
    case 0x30: "POP"
    case 0x31: "POP_MARK"
    case 0x32: "DUP"
    case 0x53, 0x54, 0x55: "STRING"
    case 0x8b: "LONG4"
    case 0x8d: "BINUNICODE8"
    case 0x42, 0x43, 0x8e: "BINBYTES"
    case 0x96, 0x97, 0x98: "BYTEARRAY8 or a buffer"
    case 0x8f, 0x90, 0x91: "a set"
    case 0x46, 0x47, 0x49, 0x4c, 0x56, 0x64, 0x67, 0x6c, 0x70: "a protocol 0 text opcode"
    default: "an unknown opcode"
    }
  }
}
