(* Tensors of a safetensors file: eight bytes of length, a JSON header, the elements. *)

type tensor = { dtype : string; shape : int list; bytes : string }

exception Error of string

let names = [
  ("F64", ("float64", 8)); ("F32", ("float32", 4)); ("F16", ("float16", 2)); ("BF16", ("bfloat16", 2));
  ("I64", ("int64", 8)); ("I32", ("int32", 4)); ("I16", ("int16", 2)); ("I8", ("int8", 1));
  ("U64", ("uint64", 8)); ("U32", ("uint32", 4)); ("U16", ("uint16", 2)); ("U8", ("uint8", 1));
  ("BOOL", ("bool", 1)) ]

let read_file path =
  let channel = open_in_bin path in
  let text = really_input_string channel (in_channel_length channel) in
  close_in channel;
  text

let read path =
  let text = read_file path in
  let size = String.length text in
  if size < 8 then raise (Error (path ^ ": too short"));
  let header = Int64.to_int (String.get_int64_le text 0) in
  if header < 2 || header > size - 8 then raise (Error (path ^ ": no safetensors file"));
  let start = 8 + header in
  Json.members path (Json.parse (String.sub text 8 header))
  |> List.filter (fun (name, _) -> name <> "__metadata__")
  |> List.map (fun (name, entry) ->
      let dtype, width =
        match List.assoc_opt (Json.text name (Json.get name "dtype" entry)) names with
        | Some x -> x
        | None -> raise (Error (name ^ ": unknown dtype"))
      in
      let shape = List.map (Json.integer name) (Json.list name (Json.get name "shape" entry)) in
      match List.map (Json.integer name) (Json.list name (Json.get name "data_offsets" entry)) with
      | [ a; b ] when 0 <= a && a <= b && b <= size - start
                      && b - a = List.fold_left ( * ) width shape ->
        (name, { dtype; shape; bytes = String.sub text (start + a) (b - a) })
      | _ -> raise (Error (name ^ ": offsets")))

(* Elements as doubles; every type here but int64 and uint64 fits, and those are read as integers. *)
let half bits =
  let sign = if bits land 0x8000 <> 0 then -1. else 1. in
  let e = (bits lsr 10) land 31 and m = bits land 1023 in
  if e = 31 then nan
  else if e = 0 then sign *. Float.ldexp (float_of_int m) (-24)
  else sign *. Float.ldexp (float_of_int (m + 1024)) (e - 25)

let floats t =
  let s = t.bytes in
  let each width f = List.init (String.length s / width) (fun i -> f (i * width)) in
  match t.dtype with
  | "float64" -> each 8 (fun i -> Int64.float_of_bits (String.get_int64_le s i))
  | "float32" -> each 4 (fun i -> Int32.float_of_bits (String.get_int32_le s i))
  | "float16" -> each 2 (fun i -> half (String.get_uint16_le s i))
  | "bfloat16" ->
    each 2 (fun i -> Int32.float_of_bits (Int32.shift_left (Int32.of_int (String.get_uint16_le s i)) 16))
  | other -> raise (Error ("weights of type " ^ other))

let integers t =
  let s = t.bytes in
  let each width f = List.init (String.length s / width) (fun i -> f (i * width)) in
  match t.dtype with
  | "int64" | "uint64" -> each 8 (fun i -> Int64.to_int (String.get_int64_le s i))
  | "int32" -> each 4 (fun i -> Int32.to_int (String.get_int32_le s i))
  | "uint32" -> each 4 (fun i -> Int32.to_int (String.get_int32_le s i) land 0xffffffff)
  | other -> raise (Error ("indices of type " ^ other))
