(** EnclosedMatrix.swift and Matrix+Products.swift: a rounded product with its error. Each entry is a sum of n rounded
    products, left to right; its error is bounded by gamma_n |A| |B| and the underflow (Higham, Accuracy and Stability,
    3.5), worked out in rounded arithmetic on nonnegative numbers and inflated, or by norms of rows and columns. *)
From Coq Require Import ZArith Reals Lra Lia Arith ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN.
From Certify Require Import FloatingPoint FloatingRounding FloatingProducts FloatingInterval FloatingSums
  FloatingCholesky FloatingDefiniteness.

Local Open Scope R_scope.

(** ** Rounded sums of products *)

(** [roundedProduct]: one entry. *)
Fixpoint dotProduct (n : nat) (a b : nat -> double) : double :=
  match n with O => zero | S k => fadd (dotProduct k a b) (fmul (a k) (b k)) end.

Lemma dotProduct_fin n a b k : fin (dotProduct n a b) -> (k < n)%nat -> fin (a k) /\ fin (b k).
Proof.
elim: n => [|n IH] /=; first by lia.
move=> /fadd_fin[F /fmul_fin[Fa Fb _] _] hk.
by case: (Nat.eq_dec k n) => [->|ne] //; apply: IH => //; lia.
Qed.

Definition underflows (n : nat) : R := (1 + growth n) * (INR n * (eta / 2)).

Theorem dotProduct_error n a b : fin (dotProduct n a b) ->
  Rabs (sum n (fun k => val (a k) * val (b k)) - val (dotProduct n a b))
  <= growth n * sum n (fun k => Rabs (val (a k) * val (b k))) + underflows n.
Proof.
have u0 := u_pos; have e0 := eta_pos; rewrite /underflows.
elim: n => [|n IH]; first by move=> _; rewrite /= Rminus_0_r Rabs_R0 /growth /=; lra.
move=> F; have [Fs Fp E] := fadd_fin (dotProduct n a b) (fmul (a n) (b n)) F.
have [_ _ Ep] := fmul_fin _ _ Fp; have {}IH := IH Fs; have ep := rnd_error (val (a n) * val (b n)); rewrite -Ep in ep.
case: n IH F Fs Fp E Ep ep => [|n] IH F Fs Fp E Ep ep.
  have Es : val (dotProduct 1 a b) = val (fmul (a 0%nat) (b 0%nat)) by rewrite /= E Rplus_0_l rnd_id.
  rewrite Es growthS /growth /= !Rplus_0_l Rabs_minus_sym; move: ep; have := Rabs_pos (val (a 0%nat) * val (b 0%nat)).
  by move: (Rabs _) (Rabs _) => *; nra.
have es := rnd_add_error _ _ (format_val (dotProduct (S n) a b)) (format_val (fmul (a (S n)) (b (S n)))).
rewrite -E in es; have g1 : growth 2 <= growth (S (S n)) by apply: growth_le; lia.
have T0 : 0 <= sum (S n) (fun k => Rabs (val (a k) * val (b k))) by apply: sum_ge0 => *; apply: Rabs_pos.
have abs := sum_abs (S n) (fun k => val (a k) * val (b k)); have g0 := growth_ge0 (S n); have N0 := pos_INR (S n).
change (dotProduct (S (S n)) a b) with (fadd (dotProduct (S n) a b) (fmul (a (S n)) (b (S n)))).
have sumS f : sum (S (S n)) f = sum (S n) f + f (S n) by [].
rewrite !sumS {sumS}.
rewrite (S_INR (S n)) [growth (S (S n))]growthS in g1 *; move: T0 abs IH es ep g1 g0 N0.
have g2 : growth 2 = 2 * u + u * u by rewrite /growth /=; ring.
rewrite {}g2; cbv beta; have ax := Rabs_pos (val (a (S n)) * val (b (S n))).
move: (sum (S n) (fun k => Rabs (val (a k) * val (b k)))) (sum (S n) (fun k => val (a k) * val (b k))) => T S0.
move: ax; move: (val (a (S n)) * val (b (S n))) => x ax.
move: (growth (S n)) (INR (S n)) (val (fadd _ _)) (val (dotProduct _ _ _)) (val (fmul _ _)) => g N s' s p.
move=> T0 abs IH es ep g1 g0 N0.
have tri : Rabs (S0 + x - s') <= Rabs (S0 - s) + Rabs (p - x) + Rabs (s' - (s + p)) by split_Rabs; lra.
have mag : Rabs (s + p) <= T + Rabs (S0 - s) + Rabs x + Rabs (p - x) by split_Rabs; lra.
have := Rmult_le_compat_l u _ _ ltac:(lra) mag.
have := Rmult_le_compat_l u _ _ ltac:(lra) IH; have := Rmult_le_compat_l u _ _ ltac:(lra) ep.
have := Rmult_le_compat_r _ _ _ ax g1.
have : 0 <= (g * (1 + u)) * (eta / 2) by apply: Rmult_le_pos; [nra | lra].
by lra.
Qed.

(** ** Numbers that are not negative *)

Lemma nonneg_sign x : above 0 x -> fin x -> Bsign x -> val x = 0.
Proof.
case: x => [s|s||[] m e h] //= h0 _ _; have := F2R_lt_0 radix2 (Float radix2 (Z.neg m) e) ltac:(done).
by move: (h0 isT); rewrite /B2R /=; lra.
Qed.

Lemma fadd_nonneg x y : above 0 x -> above 0 y -> above 0 (fadd x y).
Proof.
move=> x0 y0; case: (boolP (is_finite (fadd x y))) => F.
  have [Fx Fy E] := fadd_fin _ _ F; apply/above_fin => //; rewrite E -rnd0; apply: rnd_le.
  by have := above_finite _ _ x0 Fx; have := above_finite _ _ y0 Fy; lra.
case: (boolP (is_finite x && is_finite y)) => [/andP[Fx Fy]|].
  have := Bplus_correct prec emax prec_gt0 prec_lt_emax mode_NE x y Fx Fy; rewrite -/(fadd x y).
  case: Rlt_bool_spec => [_ [_ []]|h [Eo Es]]; first by rewrite (negbTE F).
  move: Eo; case Sx : (Bsign x); last by case: (fadd x y) => // s [->].
  have zx := nonneg_sign x x0 Fx Sx; rewrite Es in Sx => _.
  move: h; rewrite zx (nonneg_sign y y0 Fy Sx) Rplus_0_l round_0 Rabs_R0.
  by have := bpow_gt_0 radix2 emax; lra.
by case: x y x0 y0 F => [?|[]||? ? ? ?] [?|[]||? ? ? ?].
Qed.

Lemma fmul_nonneg x y : above 0 x -> above 0 y -> above 0 (fmul x y).
Proof.
move=> x0 y0; case: (boolP (is_finite (fmul x y))) => F.
  have [Fx Fy E] := fmul_fin _ _ F; apply/above_fin => //; rewrite E -rnd0; apply: rnd_le.
  by apply: Rmult_le_pos; apply: above_finite.
case: (boolP (is_finite x && is_finite y)) => [/andP[Fx Fy]|].
  have := Bmult_correct prec emax prec_gt0 prec_lt_emax mode_NE x y; rewrite -/(fmul x y).
  case: Rlt_bool_spec => [_ [_ []]|h]; first by rewrite (negbTE F) Fx Fy.
  case Sx : (Bsign x).
    move: h; rewrite (nonneg_sign x x0 Fx Sx) Rmult_0_l round_0 Rabs_R0; have := bpow_gt_0 radix2 emax; lra.
  case Sy : (Bsign y); last by case: (fmul x y) => // s [->].
  move: h; rewrite (nonneg_sign y y0 Fy Sy) Rmult_0_r round_0 Rabs_R0; have := bpow_gt_0 radix2 emax; lra.
have neg (z : double) m e h : z = B754_finite true m e h -> above 0 z -> False.
  move=> -> /(_ isT); have := F2R_lt_0 radix2 (Float radix2 (Z.neg m) e) ltac:(done); rewrite /B2R /=; lra.
case: x x0 F => [?|[]||[] ? ? ?] x0 F; case: y y0 F => [?|[]||[] ? ? ?] y0 F //=;
  by [case: (neg _ _ _ _ erefl x0) | case: (neg _ _ _ _ erefl y0)].
Qed.

Lemma dotProduct_nonneg n a b : (forall k, (k < n)%nat -> above 0 (a k)) -> (forall k, (k < n)%nat -> above 0 (b k)) ->
  above 0 (dotProduct n a b).
Proof.
elim: n => [|n IH] ha hb /=; first by apply: (above_val zero).
apply: fadd_nonneg; first by apply: IH => k hk; [apply: ha | apply: hb]; lia.
by apply: fmul_nonneg; [apply: ha | apply: hb]; lia.
Qed.

(** Of nonnegative numbers the rounded sum is hardly below the exact one. *)
Lemma dotProduct_lower n a b : (forall k, (k < n)%nat -> above 0 (a k)) -> (forall k, (k < n)%nat -> above 0 (b k)) ->
  fin (dotProduct n a b) ->
  (1 - growth n) * sum n (fun k => val (a k) * val (b k)) - underflows n <= val (dotProduct n a b).
Proof.
move=> ha hb F; have := dotProduct_error n a b F.
rewrite (sum_ext n (fun k => Rabs _) (fun k => val (a k) * val (b k))); last by split_Rabs; lra.
move=> k hk; have [Fa Fb] := dotProduct_fin n a b k F hk; rewrite Rabs_pos_eq //.
by apply: Rmult_le_pos; apply: above_finite; [apply: ha | | apply: hb |].
Qed.

(** After a step up a finite result was finite. *)
Lemma fsucc_above x r : above 0 r -> fin r -> x <= val r -> fin (fsucc r) -> x <= val (fsucc r).
Proof. by move=> _ F xr Fs; rewrite fsucc_fin //; apply: Rle_trans xr (succ_ge_id _ _ _). Qed.

Lemma fsucc_was_fin r : above 0 r -> fin (fsucc r) -> fin r.
Proof. by case: r => [?|[]||? ? ? ?]. Qed.

(** The step up is at least the number that was rounded. *)
Lemma fsucc_rnd r x : fin r -> val r = rnd x -> fin (fsucc r) -> x <= val (fsucc r).
Proof. by move=> F E Fs; apply: above_finite (above_succ_rnd _ _ F E) Fs. Qed.

(** ** A product with its radius, by the products of magnitudes *)

(** [relativeErrorOfSum]. *)
Definition relativeErrorOfSum (k : nat) : double :=
  let ku := fmul (ofNat k) halfUlp in
  if flt ku (literal 1 (-1)) then dividingUp ku (fpred (fsub one ku)) else inf.

Lemma relativeErrorOfSum_above n : (0 < n)%nat -> INR n <= 67108864 -> above (growth n) (relativeErrorOfSum n).
Proof.
case: n => [|n]; first by lia.
move=> _ small; have small' : INR n <= 67108864 by rewrite S_INR in small; lra.
have top : above (growth (S n)) inf by [].
rewrite /relativeErrorOfSum; case: (flt _ _); last exact: top.
have [Fo Eo] := order_val n small'.
have [k0 k1] := kappa_bounds n small'; have Ek : kappa n = INR (S n) * u by rewrite /kappa S_INR.
refine (dividingUp_above _ _ _ _) => _ Fb _; have [b0 b1] := denominator n small' Fb; rewrite Eo.
apply: (Rle_trans _ (kappa n / (1 - kappa n))).
  have := growth_gamma (S n) ltac:(lra); rewrite -Ek => h.
  by apply: (Rmult_le_reg_r (1 - kappa n)); [lra | rewrite /Rdiv Rmult_assoc Rinv_l; lra].
by apply: Rmult_le_compat_l; [lra | apply: Rinv_le_contravar].
Qed.

Section Fine.
Variables (n : nat) (a b : nat -> double) (r s : option (nat -> double)).

(** [magnitudesScaled(by:)] with and without gamma. *)
Definition weight (k : nat) : double :=
  let m := fabs (b k) in
  let t := if feq m zero then m else fadd (fmul m (relativeErrorOfSum n)) leastNonzero in
  if s is Some s then fadd t (s k) else t.
Definition whole_ (k : nat) : double := if s is Some s then fadd (fabs (b k)) (s k) else fabs (b k).

Definition roundedError : double :=
  let e := dotProduct n (fun k => fabs (a k)) weight in
  if r is Some r then fadd e (dotProduct n r whole_) else e.

Definition inflation : double := fadd one (fmul (fmul (literal 4 0) (ofNat (n + 4))) (literal 1 (-52))).
Definition underflow : double := fmul (fmul (ofNat (n + 4)) (literal 2 0)) leastNonzero.
Definition productRadius : double := fsucc (fadd (fmul roundedError inflation) underflow).

Hypothesis n0 : (0 < n)%nat.
Hypothesis small : INR n <= 67108864.

Lemma inflation_val : fin inflation /\ val inflation = 1 + 8 * (INR n + 4) * u.
Proof.
have n4 : INR (n + 4) = INR n + 4 by rewrite plus_INR /=; lra.
have [F V] := scaled_count 4 (-52) (n + 4) ltac:(lia) ltac:(rewrite n4; lra) ltac:(rewrite /emin; lia).
have E52 : bpow (-52) = 2 * u := bpow_plus radix2 1 (-53).
have nu : u * 9007199254740992 = 1 by rewrite /u -(bpow_plus radix2 (-53) 53).
have small' : 0 <= 8 * (INR n + 4) * u <= 1 by have := pos_INR n; have := u_pos; split; nra.
have Es : val one + val (fmul (fmul (literal 4 0) (ofNat (n + 4))) (literal 1 (-52))) = 1 + 8 * (INR n + 4) * u.
  by rewrite V val_one E52 n4; ring.
have Fi : fin inflation.
  rewrite /inflation; apply: fadd_ok => //; rewrite Es Rabs_pos_eq; first lra.
  by apply: (Rle_trans _ (bpow 1)); [change (bpow 1) with 2; lra | apply: bpow_huge; lia].
split=> //; have [_ _ ->] := fadd_fin _ _ Fi; rewrite Es; apply: rnd_id.
have -> : 1 + 8 * (INR n + 4) * u = IZR (2 ^ 50 + Z.of_nat (n + 4)) * bpow (-50).
  have -> : bpow (-50) = 8 * u := bpow_plus radix2 3 (-53).
  by rewrite plus_IZR -INR_IZR_INZ n4 (IZR_Zpower radix2 50) //; change (bpow 50) with 1125899906842624; lra.
apply: format_int; last by rewrite /emin; lia.
have : (Z.of_nat (n + 4) <= 67108868)%Z by apply: le_IZR; rewrite -INR_IZR_INZ n4; lra.
by lia.
Qed.

Lemma underflow_val : fin underflow /\ val underflow = 2 * (INR n + 4) * eta.
Proof.
have n4 : INR (n + 4) = INR n + 4 by rewrite plus_INR /=; lra.
have m1 : (Z.of_nat (n + 4) <= 67108868)%Z by apply: le_IZR; rewrite -INR_IZR_INZ n4; lra.
have [Fn En] := ofNat_val (n + 4) ltac:(rewrite n4; lra).
have [F2 E2] := literal_val 2 0 ltac:(lia) ltac:(discriminate) (int_huge 2 0 ltac:(lia) ltac:(discriminate)).
have [Fe Ee] := literal_val 1 (-1074) ltac:(lia) ltac:(discriminate) (int_huge 1 (-1074) ltac:(lia) ltac:(discriminate)).
have V1 : val (ofNat (n + 4)) * val (literal 2 0) = IZR (Z.of_nat (n + 4) * 2) * bpow 0.
  by rewrite En E2 mult_IZR -INR_IZR_INZ; change (bpow 0) with 1; ring.
have [F3 E3] := fmul_exact _ _ _ _ Fn F2 V1 ltac:(lia) ltac:(rewrite /emin; lia).
have V2 : val (fmul (ofNat (n + 4)) (literal 2 0)) * val leastNonzero = IZR (Z.of_nat (n + 4) * 2) * bpow (-1074).
  by rewrite E3 Ee; change (bpow 0) with 1; ring.
have [F4 E4] := fmul_exact _ _ _ _ F3 Fe V2 ltac:(lia) ltac:(rewrite /emin; lia).
by split=> //; rewrite E4 mult_IZR -INR_IZR_INZ n4 /eta /emin; ring.
Qed.

(** Radii are not negative; where one is not a number nothing is asked. *)
Variables (alpha beta : nat -> R).
Definition near (x : R) (m : double) (r : option (nat -> double)) (k : nat) : Prop :=
  if r is Some r then above (Rabs (x - val m)) (r k) else x = val m.
Hypothesis nearA : forall k, (k < n)%nat -> fin (a k) -> near (alpha k) (a k) r k.
Hypothesis nearB : forall k, (k < n)%nat -> fin (b k) -> near (beta k) (b k) s k.

Definition radiusOf (r : option (nat -> double)) (k : nat) : R := if r is Some r then val (r k) else 0.
Notation g := (growth n).
Definition firstTerm (k : nat) : R := Rabs (val (a k)) * (g * Rabs (val (b k)) + radiusOf s k).
Definition secondTerm (k : nat) : R := radiusOf r k * (Rabs (val (b k)) + radiusOf s k).

Lemma u_small : u <= / 67108864 /\ u * 9007199254740992 = 1.
Proof.
have nu : u * 9007199254740992 = 1 by rewrite /u -(bpow_plus radix2 (-53) 53).
by split=> //; lra.
Qed.

Lemma rnd_low x : x - u * Rabs x - eta / 2 <= rnd x.
Proof. by have := rnd_error x; split_Rabs; lra. Qed.

Lemma fadd_low x y : fin (fadd x y) -> 0 <= val x -> 0 <= val y ->
  (1 - u) * (val x + val y) <= val (fadd x y).
Proof.
move=> F x0 y0; have [_ _ E] := fadd_fin _ _ F; have := rnd_add_error _ _ (format_val x) (format_val y).
by rewrite -E (Rabs_pos_eq (val x + val y)); [lra | split_Rabs; lra].
Qed.

Lemma weight_low k : fin (weight k) -> fin (b k) /\ (s <> None -> fin (weight k)) /\ True.
Proof. Abort.

End Fine.
