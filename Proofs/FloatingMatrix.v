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

(** |alpha beta - x y| <= |x| s + r (|y| + s). *)
Lemma product_terms x y alpha beta g r s : 0 <= g -> Rabs (beta - y) <= s -> Rabs (alpha - x) <= r ->
  0 <= r * (Rabs y + s) /\ 0 <= Rabs x * (g * Rabs y + s) /\
  Rabs (alpha * beta - x * y) <= Rabs x * s + r * (Rabs y + s).
Proof.
move=> g0 nb na; have s0 := Rle_trans _ _ _ (Rabs_pos _) nb; have r0 := Rle_trans _ _ _ (Rabs_pos _) na.
have b0 := Rabs_pos y; have a0 := Rabs_pos x; split; first by apply: Rmult_le_pos; lra.
split; first by have := Rmult_le_pos _ _ g0 b0 => ?; apply: Rmult_le_pos; lra.
have -> : alpha * beta - x * y = x * (beta - y) + (alpha - x) * beta by ring.
apply: Rle_trans (Rabs_triang _ _) _; rewrite !Rabs_mult.
have bb : Rabs beta <= Rabs y + s by move: nb; split_Rabs; lra.
apply: Rplus_le_compat; first exact: Rmult_le_compat_l.
by apply: Rmult_le_compat => //; apply: Rabs_pos.
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
have [Fe Ee] := literal_val 1 (-1074) ltac:(lia) ltac:(discriminate)
  (int_huge 1 (-1074) ltac:(lia) ltac:(discriminate)).
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

Lemma leastNonzero_val : fin leastNonzero /\ val leastNonzero = eta.
Proof.
have [F E] := literal_val 1 (-1074) ltac:(lia) ltac:(discriminate) (int_huge 1 (-1074) ltac:(lia) ltac:(discriminate)).
by split; [exact: F | rewrite /leastNonzero E Rmult_1_l].
Qed.

Lemma radius_nonneg k : (k < n)%nat -> fin (b k) -> if s is Some s then above 0 (s k) else True.
Proof.
move=> hk Fb; move: (nearB k hk Fb); rewrite /near; case: s => // s'.
by apply: above_le; apply: Rabs_pos.
Qed.

Definition base (k : nat) : double :=
  let m := fabs (b k) in if feq m zero then m else fadd (fmul m (relativeErrorOfSum n)) leastNonzero.

Lemma fabs_nonneg x : above 0 (fabs x).
Proof.
by case: x => [?|[]||? m e h] //= _; [apply: Rle_refl | apply: F2R_ge_0].
Qed.

Lemma gamma_nonneg : above 0 (relativeErrorOfSum n).
Proof. exact: (above_le _ _ _ (growth_ge0 n) (relativeErrorOfSum_above n n0 small)). Qed.

Lemma base_nonneg k : above 0 (base k).
Proof.
have [Fe Ee] := leastNonzero_val; rewrite /base; case: (feq _ _); first exact: fabs_nonneg.
refine (fadd_nonneg _ _ (fmul_nonneg _ _ (fabs_nonneg _) gamma_nonneg) _).
by apply: (above_le _ eta); [apply/Rlt_le/eta_pos | rewrite -Ee; apply: (above_val _ Fe)].
Qed.

Lemma base_low k : fin (base k) -> fin (b k) /\ (1 - u) * (1 - u) * (g * Rabs (val (b k))) <= val (base k).
Proof.
have [Fe Ee] := leastNonzero_val; rewrite /base; case Z : (feq (fabs (b k)) zero) => F.
  have Fb : fin (b k) by rewrite -fin_abs.
  by split=> //; have := feq_zero _ F Z; rewrite val_abs => ->; rewrite !Rmult_0_r; apply: Rle_refl.
have [Fm _ _] := fadd_fin _ _ F; have [Fb Fg E] := fmul_fin _ _ Fm; split; first by rewrite -fin_abs.
have gg := above_finite _ _ (relativeErrorOfSum_above n n0 small) Fg.
have m0 := above_finite _ _ (fmul_nonneg _ _ (fabs_nonneg (b k)) gamma_nonneg) Fm.
have e0 := eta_pos; have := fadd_low _ _ F m0 ltac:(rewrite Ee; lra); rewrite Ee.
have := rnd_low (val (fabs (b k)) * val (relativeErrorOfSum n)); rewrite -E val_abs.
have b0 := Rabs_pos (val (b k)); have g0 := growth_ge0 n; have [u1 _] := u_small; have u0 := u_pos.
rewrite (Rabs_pos_eq (Rabs _ * _)); first by apply: Rmult_le_pos; lra.
have := Rmult_le_compat_l _ _ _ b0 gg; move: (val (fmul _ _)) (val (fadd _ _)) (val (relativeErrorOfSum n)) (Rabs _) b0.
move=> p q y z z0 h1 h2 h3; have : (1 - u) * ((1 - u) * (z * y)) <= (1 - u) * (p + eta).
  by apply: Rmult_le_compat_l; lra.
have : (1 - u) * ((1 - u) * (z * g)) <= (1 - u) * ((1 - u) * (z * y)).
  by apply: Rmult_le_compat_l; [lra | apply: Rmult_le_compat_l; lra].
by lra.
Qed.

Lemma weight_nonneg k : (k < n)%nat -> fin (b k) -> above 0 (weight k).
Proof.
move=> hk Fb; have := radius_nonneg k hk Fb; rewrite /weight -/(base k); case: s => [s'|] h.
  exact: fadd_nonneg (base_nonneg k) h.
exact: base_nonneg.
Qed.

Lemma weight_fin k : fin (weight k) -> fin (b k).
Proof.
rewrite /weight -/(base k); case: s => [s' /fadd_fin[/base_low[]]|/base_low[]] //.
Qed.

Lemma weight_low k : (k < n)%nat -> fin (weight k) ->
  (1 - u) * (1 - u) * (1 - u) * (g * Rabs (val (b k)) + radiusOf s k) <= val (weight k).
Proof.
move=> hk F; have Fb := weight_fin k F; have := radius_nonneg k hk Fb; move: F; rewrite /weight -/(base k) /radiusOf.
have [u1 _] := u_small; have u0 := u_pos; have b0 := Rabs_pos (val (b k)); have g0 := growth_ge0 n.
have gb : 0 <= g * Rabs (val (b k)) by apply: Rmult_le_pos.
case: s => [s'|] F h.
  have [F1 F2 _] := fadd_fin _ _ F; have [_ low] := base_low k F1.
  have s0 := above_finite _ _ h F2; have := fadd_low _ _ F (above_finite _ _ (base_nonneg k) F1) s0.
  move: low s0 gb; move: (val (base k)) (val (s' k)) (val (fadd _ _)) (g * _) => p q w z low q0 z0 h1.
  have : (1 - u) * ((1 - u) * (1 - u) * z) <= (1 - u) * p by apply: Rmult_le_compat_l; lra.
  have c2 : 0 <= u * (2 - u) * (1 - u) by repeat apply: Rmult_le_pos; lra.
  have := Rmult_le_pos _ _ c2 q0.
  by lra.
have [_ low] := base_low k F; move: low gb; rewrite Rplus_0_r; move: (val _) (g * _) => p z low z0.
have : 0 <= u * ((1 - u) * (1 - u) * z) by repeat apply: Rmult_le_pos; lra.
by lra.
Qed.

Lemma whole_nonneg k : (k < n)%nat -> fin (b k) -> above 0 (whole_ k).
Proof.
move=> hk Fb; have := radius_nonneg k hk Fb; rewrite /whole_; case: s => [s'|] h.
  exact: fadd_nonneg (fabs_nonneg _) h.
exact: fabs_nonneg.
Qed.

Lemma whole_low k : (k < n)%nat -> fin (b k) -> fin (whole_ k) ->
  (1 - u) * (Rabs (val (b k)) + radiusOf s k) <= val (whole_ k).
Proof.
move=> hk Fb; have := radius_nonneg k hk Fb; rewrite /whole_ /radiusOf.
case: s => [s'|] h F; last first.
  by rewrite val_abs Rplus_0_r; have := Rabs_pos (val (b k)); have := u_pos; nra.
have [F1 F2 _] := fadd_fin _ _ F; rewrite -val_abs; apply: fadd_low => //; last exact: above_finite h F2.
by rewrite val_abs; apply: Rabs_pos.
Qed.

(** What the error in rounded arithmetic is at least. *)
Lemma roundedError_low : fin (dotProduct n a b) -> fin roundedError ->
  above 0 roundedError /\
  (1 - u) * ((1 - g) * ((1 - u) * (1 - u) * (1 - u) * (sum n firstTerm + sum n secondTerm)) - 2 * underflows n)
    <= val roundedError.
Proof.
move=> Fd F; have Fab k (hk : (k < n)%nat) := dotProduct_fin n a b k Fd hk.
have [u1 _] := u_small; have u0 := u_pos; have g0 := growth_ge0 n; have e0 := eta_pos.
have U0 : 0 <= underflows n.
  by apply: Rmult_le_pos; [lra | apply: Rmult_le_pos; [apply: pos_INR | lra]].
have g1 : g <= / 2 by have := growth_small n small; have := u_small; have := pos_INR n; nra.
have r0 k : (k < n)%nat -> if r is Some r' then above 0 (r' k) else True.
  move=> hk; move: (nearA k hk (proj1 (Fab k hk))); rewrite /near; case: r => // r'.
  by apply: above_le; apply: Rabs_pos.
have abs0 k : (k < n)%nat -> above 0 (fabs (a k)) by move=> _; apply: fabs_nonneg.
have w0 k (hk : (k < n)%nat) : above 0 (weight k) := weight_nonneg k hk (proj2 (Fab k hk)).
have d0 := dotProduct_nonneg n (fun k => fabs (a k)) weight abs0 w0.
have first_low : fin (dotProduct n (fun k => fabs (a k)) weight) ->
    (1 - g) * ((1 - u) * (1 - u) * (1 - u) * sum n firstTerm) - underflows n
      <= val (dotProduct n (fun k => fabs (a k)) weight) /\ 0 <= sum n firstTerm.
  move=> F1; split.
    apply: Rle_trans (dotProduct_lower n _ _ abs0 w0 F1); apply: Rplus_le_compat_r.
    apply: Rmult_le_compat_l; first lra; rewrite -sum_scale; apply: sum_le => k hk.
    have [_ Fw] := dotProduct_fin n _ _ k F1 hk; have low := weight_low k hk Fw; rewrite /firstTerm val_abs.
    have := Rmult_le_compat_l _ _ _ (Rabs_pos (val (a k))) low; lra.
  apply: sum_ge0 => k hk; rewrite /firstTerm; apply: Rmult_le_pos; first exact: Rabs_pos.
  apply: Rplus_le_le_0_compat; first by apply: Rmult_le_pos => //; apply: Rabs_pos.
  have [_ Fw] := dotProduct_fin n _ _ k F1 hk; have := radius_nonneg k hk (proj2 (Fab k hk)).
  rewrite /radiusOf; move: Fw; rewrite /weight; case: s => [s' /fadd_fin[_ Fs _] /above_finite|] //; first by apply.
  by move=> _ _; apply: Rle_refl.
move: F; rewrite /roundedError; case Er : r => [r'|] F; last first.
  split=> //; have [low p0] := first_low F; have -> : sum n secondTerm = 0.
    by rewrite (sum_ext n _ (fun _ => 0)) ?sum0 // => k _; rewrite /secondTerm Er /= Rmult_0_l.
  rewrite Rplus_0_r; set X := (1 - u) * (1 - u) * (1 - u) * _ in low *.
  have X0 : 0 <= (1 - g) * X by apply: Rmult_le_pos; [lra | repeat apply: Rmult_le_pos; lra].
  by nra.
have r0' k : (k < n)%nat -> above 0 (r' k) by move=> hk; have := r0 k hk; rewrite Er.
have v0 k (hk : (k < n)%nat) : above 0 (whole_ k) := whole_nonneg k hk (proj2 (Fab k hk)).
have d0' := dotProduct_nonneg n r' whole_ r0' v0.
have [F1 F2 _] := fadd_fin _ _ F; have [low1 p1] := first_low F1; split; first exact: fadd_nonneg.
have low2 : (1 - g) * ((1 - u) * (1 - u) * (1 - u) * sum n secondTerm) - underflows n <= val (dotProduct n r' whole_).
  apply: Rle_trans (dotProduct_lower n _ _ r0' v0 F2); apply: Rplus_le_compat_r.
  apply: Rmult_le_compat_l; first lra; rewrite -sum_scale; apply: sum_le => k hk.
  have [Fr Fw] := dotProduct_fin n _ _ k F2 hk; have low := whole_low k hk (proj2 (Fab k hk)) Fw.
  rewrite /secondTerm /(radiusOf r) Er; have q0 := above_finite _ _ (r0' k hk) Fr.
  have t0 : 0 <= Rabs (val (b k)) + radiusOf s k.
    apply: Rplus_le_le_0_compat; first exact: Rabs_pos.
    have := radius_nonneg k hk (proj2 (Fab k hk)); rewrite /radiusOf; move: Fw; rewrite /whole_.
    case: s => [s' /fadd_fin[_ Fs _] /above_finite|] //; first by apply.
    by move=> _ _; apply: Rle_refl.
  have := Rmult_le_compat_l _ _ _ q0 low;
    move: (val (r' k)) (val (whole_ k)) (Rabs _ + _) q0 t0 {low} => q v t q0 t0 low.
  have : (1 - u) * (1 - u) * (1 - u) * (q * t) <= (1 - u) * (q * t).
    have c2 : 0 <= u * (2 - u) * (1 - u) by repeat apply: Rmult_le_pos; lra.
    by have := Rmult_le_pos _ _ c2 (Rmult_le_pos _ _ q0 t0); lra.
  by lra.
have := fadd_low _ _ F (above_finite _ _ d0 F1) (above_finite _ _ d0' F2).
move: (val (dotProduct _ _ weight)) (val (dotProduct _ _ whole_)) (val (fadd _ _)) low1 low2 => p q e low1 low2 h.
apply: Rle_trans h; apply: Rmult_le_compat_l; first lra.
by rewrite Rmult_plus_distr_l Rmult_plus_distr_l; lra.
Qed.

(** The inflation and the underflow make up for what the error lost. *)
Lemma inflated N e : 0 <= N -> (1 - u) * ((1 - g) * ((1 - u) * (1 - u) * (1 - u) * N) - 2 * underflows n) <= e ->
  N + underflows n <= e * (1 + 8 * (INR n + 4) * u) * (1 - u) - eta / 2 + 2 * (INR n + 4) * eta.
Proof.
move=> N0 low; have [_ u1] := u_small; have u0 := u_pos; have g0 := growth_ge0 n; have e0 := eta_pos.
have m0 := pos_INR n; have gs := growth_small n small; rewrite /underflows in low *.
move: (INR n) g m0 small g0 gs low => m h m0 m1 h0 gs.
have h1 : h <= / 1024 by nra.
set U := (1 + h) * _; have mU : 0 <= m * (eta / 2) by apply: Rmult_le_pos; lra.
have U0 : 0 <= U by rewrite /U; nra.
have U1 : U <= m * (eta / 2) + / 1024 * (m * (eta / 2)) by rewrite /U; nra.
set I := 1 + 8 * (m + 4) * u; have I0 : 1 <= I by rewrite /I; nra.
have I1 : I <= 1 + / 1024 by rewrite /I; nra.
have c5 : 1 - 5 * u <= (1 - u) * (1 - u) * ((1 - u) * (1 - u) * (1 - u)) by nra.
have gain : 1 <= I * (1 - 5 * u) * (1 - h).
  have : (1 - 5 * u) * (1 - (m + 1) * u) <= (1 - 5 * u) * (1 - h) by apply: Rmult_le_compat_l; lra.
  have : 1 - (m + 6) * u <= (1 - 5 * u) * (1 - (m + 1) * u) by nra.
  have : 1 <= I * (1 - (m + 6) * u).
    have mm : (m + 4) * u <= / 8 by nra.
    have mu : 0 <= m * u by apply: Rmult_le_pos; lra.
    have := Rmult_le_compat_r ((m + 6) * u * 8) _ _ ltac:(lra) mm.
    by rewrite /I; lra.
  move=> a1 a2 a3; have := Rmult_le_compat_l I _ _ ltac:(lra) (Rle_trans _ _ _ a2 a3); lra.
move=> low; have := Rmult_le_compat_l (I * (1 - u)) _ _ ltac:(nra) low.
have big : N <= I * (1 - u) * ((1 - u) * ((1 - h) * ((1 - u) * (1 - u) * (1 - u) * N))).
  have -> : I * (1 - u) * ((1 - u) * ((1 - h) * ((1 - u) * (1 - u) * (1 - u) * N)))
    = I * ((1 - u) * (1 - u) * ((1 - u) * (1 - u) * (1 - u))) * (1 - h) * N by ring.
  rewrite -{1}[N]Rmult_1_l; apply: Rmult_le_compat_r => //; apply: Rle_trans gain _.
  by apply: Rmult_le_compat_r; [lra | apply: Rmult_le_compat_l; lra].
have lost : I * (1 - u) * ((1 - u) * (2 * U)) <= 2 * U + / 256 * U.
  have c : I * (1 - u) * (1 - u) <= 1 + / 512 by nra.
  by have := Rmult_le_compat_r (2 * U) _ _ ltac:(lra) c; lra.
have me : 0 <= m * eta by apply: Rmult_le_pos; lra.
by lra.
Qed.

Theorem product_encloses : fin (dotProduct n a b) -> fin productRadius ->
  Rabs (sum n (fun k => alpha k * beta k) - val (dotProduct n a b)) <= val productRadius.
Proof.
move=> Fd Fr; have Fab k (hk : (k < n)%nat) := dotProduct_fin n a b k Fd hk.
have [Fi Ei] := inflation_val; have [Fu Eu] := underflow_val; have e0 := eta_pos; have g0 := growth_ge0 n.
have [u1 _] := u_small; have u0 := u_pos; have m0 := pos_INR n.
have i0 : above 0 inflation.
  by apply/above_fin; [exact: Fi | rewrite Ei; have : 0 <= (INR n + 4) * u by apply: Rmult_le_pos; lra]; lra.
have v0 : above 0 underflow.
  by apply/above_fin; [exact: Fu | rewrite Eu; apply: Rmult_le_pos; lra].
have abs0 k : (k < n)%nat -> above 0 (fabs (a k)) by move=> _; apply: fabs_nonneg.
have w0 k (hk : (k < n)%nat) : above 0 (weight k) := weight_nonneg k hk (proj2 (Fab k hk)).
have err0 : above 0 roundedError.
  have d0 := dotProduct_nonneg n (fun k => fabs (a k)) weight abs0 w0.
  rewrite /roundedError; case Er : r => [r'|] //; apply: fadd_nonneg => //; apply: dotProduct_nonneg => k hk.
    by move: (nearA k hk (proj1 (Fab k hk))); rewrite /near Er; apply: above_le; apply: Rabs_pos.
  exact: whole_nonneg k hk (proj2 (Fab k hk)).
have X0 := fadd_nonneg _ _ (fmul_nonneg _ _ err0 i0) v0.
have FX := fsucc_was_fin _ X0 Fr; have [FP _ EX] := fadd_fin _ _ FX; have [Fe _ EP] := fmul_fin _ _ FP.
have up := fsucc_rnd _ _ FX EX Fr; rewrite -/productRadius in up; apply: Rle_trans up.
have [_ low] := roundedError_low Fd Fe.
have low2 := rnd_low (val roundedError * val inflation); rewrite -EP Ei in low2.
have ev0 := above_finite _ _ err0 Fe; rewrite Eu.
have i1 : 0 <= 1 + 8 * (INR n + 4) * u by have := Rmult_le_pos (INR n + 4) u ltac:(lra) ltac:(lra); lra.
rewrite (Rabs_pos_eq (val roundedError * _)) in low2; first exact: Rmult_le_pos.
have terms k : (k < n)%nat -> 0 <= secondTerm k /\ 0 <= firstTerm k /\
    Rabs (alpha k * beta k - val (a k) * val (b k)) <= Rabs (val (a k)) * radiusOf s k + secondTerm k.
  move=> hk; have [Fa Fb] := Fab k hk; have nA := nearA k hk Fa; have nB := nearB k hk Fb.
  have FsR : radiusOf s k = radiusOf s k /\ Rabs (beta k - val (b k)) <= radiusOf s k.
    split=> //; move: nB; rewrite /near /radiusOf; case Es : s => [s'|] h; last first.
      by rewrite h Rminus_diag_eq // Rabs_R0; apply: Rle_refl.
    apply: above_finite h _; move: Fe; rewrite /roundedError.
    have Fw (F : fin (dotProduct n (fun k => fabs (a k)) weight)) : fin (s' k).
      by have [_] := dotProduct_fin n _ _ k F hk; rewrite /weight Es => /fadd_fin[].
    by case: r => [r' /fadd_fin[/Fw]|/Fw].
  have [_ nb] := FsR; have na : Rabs (alpha k - val (a k)) <= radiusOf r k.
    move: nA; rewrite /near /radiusOf; case Er : r => [r'|] h; last first.
      by rewrite h Rminus_diag_eq // Rabs_R0; apply: Rle_refl.
    apply: above_finite h _; move: Fe; rewrite /roundedError Er => /fadd_fin[_ F _].
    by have [] := dotProduct_fin n _ _ k F hk.
  exact (product_terms _ _ _ _ _ _ _ g0 nb na).
have N0 : 0 <= sum n firstTerm + sum n secondTerm.
  by apply: Rplus_le_le_0_compat; apply: sum_ge0 => k /terms[? []].
have tot := inflated _ _ N0 low.
apply: (Rle_trans _ (sum n firstTerm + sum n secondTerm + underflows n)); last by lra.
have dot := dotProduct_error n a b Fd.
have split_ : Rabs (sum n (fun k => alpha k * beta k) - sum n (fun k => val (a k) * val (b k)))
  <= sum n (fun k => Rabs (val (a k)) * radiusOf s k + secondTerm k).
  rewrite -sum_sub; apply: Rle_trans (sum_abs _ _) _; apply: sum_le => k /terms[_ [_ h]]; exact: h.
have first_ : sum n firstTerm
  = g * sum n (fun k => Rabs (val (a k) * val (b k))) + sum n (fun k => Rabs (val (a k)) * radiusOf s k).
  by rewrite -sum_scale -sum_add; apply: sum_ext => k _; rewrite /firstTerm Rabs_mult; ring.
rewrite sum_add in split_; rewrite first_.
have : Rabs (sum n (fun k => alpha k * beta k) - val (dotProduct n a b))
  <= Rabs (sum n (fun k => alpha k * beta k) - sum n (fun k => val (a k) * val (b k)))
  + Rabs (sum n (fun k => val (a k) * val (b k)) - val (dotProduct n a b)).
  by move: (sum _ _) (sum _ _) (val _); clear; move=> *; split_Rabs; lra.
by lra.
Qed.

End Fine.

(** The interval of an entry: [subscript]. *)
Theorem entry_contains (m r : double) (x : R) : (fin m -> above (Rabs (x - val m)) r) ->
  contains (Interval (subtractingDown m r) (addingUp m r)) x.
Proof.
move=> h; case: (boolP (is_finite m && is_finite r)) => [/andP[Fm Fr]|nf]; last first.
  split=> /=; last exact: addingUp_infinite.
  rewrite /below /subtractingDown /addingDown /fopp Bopp_involutive -/(fopp _).
  by apply: addingUp_infinite; rewrite !fin_opp.
have /Rabs_le_inv[l u_] := above_finite _ _ (h Fm) Fr.
split=> /=.
  apply: (below_le _ (val m - val r)); first by lra.
  exact: subtractingDown_below (below_val _ Fm) (above_val _ Fr).
apply: (above_le _ (val m + val r)); first by lra.
exact: addingUp_above (above_val _ Fm) (above_val _ Fr).
Qed.

Lemma fsucc_not_low x r : (fin (fsucc r) -> x <= val (fsucc r)) -> above x (fsucc r).
Proof.
move=> h; case: (boolP (is_finite (fsucc r))) => F; first by apply/above_fin => //; apply: h.
case: (boolP (is_finite r)) => Fr.
  have := Bsucc_correct prec emax prec_gt0 prec_lt_emax r Fr; rewrite -/(fsucc r).
  by case: Rlt_bool => [[_ [F' _]]|]; [rewrite F' in F | case: (fsucc r) => // -[]].
by case: r F Fr {h} => [?|[]||? ? ? ?].
Qed.

(** Entry (i, j) of a product as [multiplied(by:)] and [subscript] give it, for up to 256 columns. *)
Definition productEntry (n : nat) (a b : nat -> double) (r s : option (nat -> double)) : interval :=
  let middle := dotProduct n a b in
  let radius := productRadius n a b r s in
  Interval (subtractingDown middle radius) (addingUp middle radius).

Theorem productEntry_contains n a b r s alpha beta : (0 < n)%nat -> INR n <= 67108864 ->
  (forall k, (k < n)%nat -> fin (a k) -> near (alpha k) (a k) r k) ->
  (forall k, (k < n)%nat -> fin (b k) -> near (beta k) (b k) s k) ->
  contains (productEntry n a b r s) (sum n (fun k => alpha k * beta k)).
Proof.
move=> n0 small nA nB; refine (entry_contains _ _ _ _) => Fm; apply: fsucc_not_low => Fr.
exact: (product_encloses n a b r s n0 small alpha beta nA nB Fm Fr).
Qed.
