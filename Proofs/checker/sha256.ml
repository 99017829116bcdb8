(* SHA-256, FIPS 180-4. Words of 32 bits in OCaml's integers of 63. *)

let mask = 0xffffffff

(* The first 32 bits of the fractional parts of the roots of the first primes, worked out exactly. *)
let primes =
  let rec go found n =
    if List.length found = 64 then List.rev found
    else go (if List.exists (fun p -> n mod p = 0) found then found else n :: found) (n + 1)
  in
  go [] 2

let fraction root degree p =
  Z.to_int (Z.logand (root (Z.shift_left (Z.of_int p) (32 * degree))) (Z.of_int mask))

let constants = Array.of_list (List.map (fraction (fun x -> Z.root x 3) 3) primes)
let start = Array.of_list (List.map (fraction Z.sqrt 2) (List.filteri (fun i _ -> i < 8) primes))

let rotate x k = ((x lsr k) lor (x lsl (32 - k))) land mask

let compress state w =
  for t = 16 to 63 do
    let a = w.(t - 15) and b = w.(t - 2) in
    let s0 = rotate a 7 lxor rotate a 18 lxor (a lsr 3) in
    let s1 = rotate b 17 lxor rotate b 19 lxor (b lsr 10) in
    w.(t) <- (w.(t - 16) + s0 + w.(t - 7) + s1) land mask
  done;
  let v = Array.copy state in
  for t = 0 to 63 do
    let a = v.(0) and e = v.(4) in
    let s1 = rotate e 6 lxor rotate e 11 lxor rotate e 25 in
    let choice = (e land v.(5)) lxor (lnot e land mask land v.(6)) in
    let t1 = v.(7) + s1 + choice + constants.(t) + w.(t) in
    let s0 = rotate a 2 lxor rotate a 13 lxor rotate a 22 in
    let majority = (a land v.(1)) lxor (a land v.(2)) lxor (v.(1) land v.(2)) in
    Array.blit v 0 v 1 7;
    v.(4) <- (v.(4) + t1) land mask;
    v.(0) <- (t1 + s0 + majority) land mask
  done;
  Array.iteri (fun i x -> state.(i) <- (state.(i) + x) land mask) v

let hex text =
  let length = String.length text in
  let blocks = (length + 8) / 64 + 1 in
  let padded = Bytes.make (blocks * 64) '\000' in
  Bytes.blit_string text 0 padded 0 length;
  Bytes.set padded length '\128';
  Bytes.set_int64_be padded (blocks * 64 - 8) (Int64.of_int (8 * length));
  let state = Array.copy start in
  let w = Array.make 64 0 in
  for block = 0 to blocks - 1 do
    for t = 0 to 15 do
      w.(t) <- Int32.to_int (Bytes.get_int32_be padded (block * 64 + 4 * t)) land mask
    done;
    compress state w
  done;
  String.concat "" (Array.to_list (Array.map (Printf.sprintf "%08x") state))
