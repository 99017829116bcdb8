(** PositiveDefinite.swift, all of [positiveDefiniteness]: scaling by powers of two, the radii, the shift, the loop. If
    it says positive, every symmetric matrix inside the enclosure is positive definite.

    Source: Rump, BIT 46 (2006), corollaries 2.4 and 2.7, and Rump and Jeannerod 2014 (see FloatingCholesky.v). *)
From Coq Require Import ZArith Reals Lra Lia Arith ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN Mult_error.
From Certify Require Import FloatingPoint FloatingRounding FloatingProducts FloatingInterval FloatingSums
  FloatingCholesky.

Local Open Scope R_scope.

(** ** Exact numbers and operations *)

(** m 2^e as a double. *)
Definition literal (m e : Z) : double := binary_normalize prec emax prec_gt0 prec_lt_emax mode_NE m e false.
Definition ofNat (k : nat) : double := literal (Z.of_nat k) 0.

Lemma literal_val m e : (Z.abs m < 2 ^ 53)%Z -> (emin <= e)%Z -> Rabs (IZR m * bpow e) <= huge ->
  fin (literal m e) /\ val (literal m e) = IZR m * bpow e.
Proof.
move=> m1 e1 h; have F := format_int m e m1 e1.
have := binary_normalize_correct prec emax prec_gt0 prec_lt_emax mode_NE m e false; rewrite /= -/(literal m e).
rewrite Rlt_bool_true; first exact: (rnd_lt_emax (IZR m * bpow e)).
by case=> -> [-> _]; split=> //; apply: rnd_id.
Qed.

Lemma bpow_huge e : (e <= 1023)%Z -> bpow e <= huge.
Proof. by move=> /(bpow_le radix2) h; apply: Rle_trans h _; rewrite huge_slack bpow1023; have := slack_pos; lra. Qed.

Lemma int_huge m e : (Z.abs m < 2 ^ 53)%Z -> (e <= 970)%Z -> Rabs (IZR m * bpow e) <= huge.
Proof.
move=> m1 e1; rewrite Rabs_mult (Rabs_pos_eq (bpow e)); first exact: bpow_ge_0.
apply: (Rle_trans _ (bpow 53 * bpow e)).
  apply: Rmult_le_compat_r; first exact: bpow_ge_0.
  by rewrite -abs_IZR -(IZR_Zpower radix2) //; apply: IZR_le; change (radix2 ^ 53)%Z with (2 ^ 53)%Z; lia.
by rewrite -bpow_plus; apply: bpow_huge; lia.
Qed.

Lemma ofNat_val k : INR k < 9007199254740992 -> fin (ofNat k) /\ val (ofNat k) = INR k.
Proof.
move=> h; have k1 : (Z.abs (Z.of_nat k) < 2 ^ 53)%Z.
  by rewrite Z.abs_eq; [lia | apply: lt_IZR; rewrite -INR_IZR_INZ; apply: Rlt_le_trans h _; apply: Rle_refl].
have [F E] := literal_val (Z.of_nat k) 0 k1 ltac:(discriminate) (int_huge _ 0 k1 ltac:(discriminate)).
by split=> //; rewrite E /= Rmult_1_r -INR_IZR_INZ.
Qed.

Lemma pow2_val e : (-1022 <= e <= 1022)%Z -> fin (literal 1 e) /\ val (literal 1 e) = bpow e.
Proof.
move=> h; have [|||F E] := literal_val 1 e; rewrite ?Rmult_1_l //; try by rewrite /emin; lia.
  by rewrite Rabs_pos_eq; [apply: bpow_ge_0 | apply: bpow_huge; lia].
by rewrite E Rmult_1_l.
Qed.

Lemma fmul_exact x y m e : fin x -> fin y -> val x * val y = IZR m * bpow e -> (Z.abs m < 2 ^ 53)%Z ->
  (emin <= e <= 970)%Z -> fin (fmul x y) /\ val (fmul x y) = IZR m * bpow e.
Proof.
move=> Fx Fy V m1 [e1 e2]; have := Bmult_correct prec emax prec_gt0 prec_lt_emax mode_NE x y; rewrite -/(fmul x y) V.
rewrite Rlt_bool_true; first exact: (rnd_lt_emax _ (int_huge m e m1 e2)).
by case=> -> [-> _]; rewrite Fx Fy; split=> //; apply: rnd_id; apply: format_int.
Qed.

(** m k 2^e, in two multiplications. *)
Lemma scaled_count (m e : Z) (k : nat) : (0 < m <= 4)%Z -> INR k <= 134217728 -> (emin <= e <= 0)%Z ->
  fin (fmul (fmul (literal m 0) (ofNat k)) (literal 1 e)) /\
  val (fmul (fmul (literal m 0) (ofNat k)) (literal 1 e)) = IZR m * INR k * bpow e.
Proof.
move=> m4 k1 e1; have [Fk Ek] := ofNat_val k ltac:(lra).
have k2 : (Z.of_nat k <= 134217728)%Z by apply: le_IZR; rewrite -INR_IZR_INZ.
have [Fm Em] := literal_val m 0 ltac:(lia) ltac:(discriminate) (int_huge m 0 ltac:(lia) ltac:(discriminate)).
have [Fe Ee] := literal_val 1 e ltac:(lia) ltac:(lia) (int_huge 1 e ltac:(lia) ltac:(lia)).
have mk : (Z.abs (m * Z.of_nat k) < 2 ^ 53)%Z by nia.
have E1 : val (literal m 0) * val (ofNat k) = IZR (m * Z.of_nat k) * bpow 0.
  by rewrite Em Ek mult_IZR -INR_IZR_INZ; change (bpow 0) with 1; ring.
have [F1 V1] := fmul_exact _ _ _ _ Fm Fk E1 mk ltac:(rewrite /emin; lia).
have E2 : val (fmul (literal m 0) (ofNat k)) * val (literal 1 e) = IZR (m * Z.of_nat k) * bpow e.
  by rewrite V1 Ee; change (bpow 0) with 1; ring.
have [F2 V2] := fmul_exact _ _ _ _ F1 Fe E2 mk ltac:(lia).
by rewrite V2 mult_IZR -INR_IZR_INZ.
Qed.

(** ** The shift *)

Definition leastNonzero : double := literal 1 (-1074).
Definition halfUlp : double := literal 1 (-53).

Section Shift.
Variable n : nat.
Hypothesis small : INR n <= 67108864.

Definition order : double := fmul (ofNat (S n)) halfUlp.

Fixpoint trace (d : nat -> double) (m : nat) : double :=
  match m with
  | O => zero
  | S k => addingUp (trace d k)
             (addingUp (d k) (fmul (fmul (literal 2 0) (ofNat (S k))) leastNonzero))
  end.

Fixpoint largest (d : nat -> double) (m : nat) : double :=
  match m with O => zero | S k => swiftMax (largest d k) (d k) end.

Definition shift (d : nat -> double) : double :=
  addingUp (multiplyingUp (dividingUp order (fpred (fsub one order))) (trace d n))
    (multiplyingUp (fmul (fmul (literal 4 0) (ofNat n)) leastNonzero) (addingUp (ofNat (S n)) (largest d n))).

Notation kappa := (kappa n).

Lemma order_val : fin order /\ val order = kappa.
Proof.
have [F E] := ofNat_val (S n) ltac:(rewrite S_INR; lra).
have [Fu Eu] := pow2_val (-53) ltac:(lia).
have E1 : val (ofNat (S n)) * val halfUlp = IZR (Z.of_nat (S n)) * bpow (-53) by rewrite E Eu INR_IZR_INZ.
have m1 : (Z.abs (Z.of_nat (S n)) < 2 ^ 53)%Z.
  apply: lt_IZR; rewrite abs_IZR -INR_IZR_INZ Rabs_pos_eq; first exact: pos_INR.
  by rewrite S_INR; apply: (Rle_lt_trans _ 67108865); lra.
have [F2 V2] := fmul_exact _ _ _ _ F Fu E1 m1 ltac:(rewrite /emin; lia).
by split=> //; rewrite V2 -INR_IZR_INZ S_INR.
Qed.

Lemma trace_above d m : (m <= n)%nat -> (forall k, (k < m)%nat -> fin (d k)) ->
  above (sum m (fun k => val (d k) + 2 * (INR k + 1) * eta)) (trace d m).
Proof.
elim: m => [|m IH] h Fd; first by apply/above_fin => //; apply: Rle_refl.
apply: addingUp_above; first by apply: IH => [|k hk]; [lia | apply: Fd; lia].
apply: addingUp_above; first by apply/above_fin; [apply: Fd; lia | apply: Rle_refl].
have m1 : INR (S m) <= 134217728 by apply: Rle_trans (le_INR _ _ h) _; lra.
have [F V] := scaled_count 2 (-1074) (S m) ltac:(lia) m1 ltac:(rewrite /emin; lia).
by apply/above_fin => //; rewrite V S_INR; apply: Rle_refl.
Qed.

Lemma largest_max d m : (forall k, (k < m)%nat -> fin (d k)) ->
  fin (largest d m) /\ forall k, (k < m)%nat -> val (d k) <= val (largest d m).
Proof.
elim: m => [|m IH] Fd /=; first by split=> // k; lia.
have [F h] := IH (fun k hk => Fd k ltac:(lia)); have Fm := Fd m ltac:(lia).
rewrite /swiftMax /fle Bleb_correct //; case: Rle_bool_spec => le; split=> // k hk.
  by case: (Nat.eq_dec k m) => [->|ne]; [lra | have := h k ltac:(lia); lra].
by case: (Nat.eq_dec k m) => [->|ne]; [lra | apply: h; lia].
Qed.

Lemma denominator : let b := fpred (fsub one order) in fin b -> 0 < val b <= 1 - kappa.
Proof.
have [k0 k1] := kappa_bounds n small; have [Fo Eo] := order_val.
have F1 : fin (fsub one order).
  apply: fsub_ok => //; rewrite val_one Eo Rabs_pos_eq; first lra.
  by apply: (Rle_trans _ (bpow 0)); [change (bpow 0) with 1; lra | apply: bpow_huge; lia].
have [_ _ E1] := fsub_fin _ _ F1; rewrite val_one Eo in E1.
move=> /= Fb; split; last first.
  by have := below_finite _ _ (below_pred_rnd _ _ F1 E1) Fb.
have -> : val (fpred (fsub one order)) = Ulp.pred radix2 fexp (val (fsub one order)).
  rewrite /fpred /Bpred B2R_Bopp -/(fopp _) -/(fsucc _) fsucc_fin ?fin_opp // ?val_opp ?succ_opp; last by ring.
  by move: Fb; rewrite /fpred /Bpred is_finite_Bopp.
have half : format (bpow (-1)) by apply: generic_format_bpow.
have quarters : format (IZR 3 * bpow (-2)) by apply: format_int.
apply: (Rlt_le_trans _ (bpow (-1))); first exact: bpow_gt_0.
apply: pred_ge_gt => //; rewrite E1; apply: (Rlt_le_trans _ (IZR 3 * bpow (-2))).
  by rewrite [bpow (-1)]/= [bpow (-2)]/=; lra.
by rewrite -(rnd_id _ quarters); apply: rnd_le; rewrite [bpow (-2)]/=; lra.
Qed.

Lemma shift_above d : (forall k, (k < n)%nat -> fin (d k) /\ 0 < val (d k)) ->
  above (kappa / (1 - kappa) * sum n (fun k => val (d k) + 2 * (INR k + 1) * eta)
    + 4 * INR n * eta * (INR n + 1 + val (largest d n))) (shift d).
Proof.
move=> Fd; have [k0 k1] := kappa_bounds n small; have [Fo Eo] := order_val; have e0 := eta_pos.
have Fd' k : (k < n)%nat -> fin (d k) by move=> /Fd[].
have n0 := pos_INR n; have T0 : 0 <= sum n (fun k => val (d k) + 2 * (INR k + 1) * eta).
  apply: sum_ge0 => k /Fd[_ p]; have : 0 <= 2 * (INR k + 1) * eta by have := pos_INR k; nra.
  by lra.
have [Fl _] := largest_max d n Fd'.
rewrite /shift; refine (addingUp_above _ _ _ _ _ _); refine (multiplyingUp_above _ _ _ _).
  move=> Fq Ft; have := above_finite _ _ (trace_above d n (Nat.le_refl n) Fd') Ft; set T := sum n _ in T0 *.
  have q : kappa / (1 - kappa) <= val (dividingUp order (fpred (fsub one order))).
    refine (above_finite _ _ _ Fq); refine (dividingUp_above _ _ _ _) => _ Fb _; have [b0 b1] := denominator Fb.
    by rewrite Eo; apply: Rmult_le_compat_l; [lra | apply: Rinv_le_contravar].
  have q0 : 0 <= kappa / (1 - kappa) by apply: Rmult_le_pos; [lra | apply/Rlt_le/Rinv_0_lt_compat; lra].
  by move=> t; apply: Rmult_le_compat.
have [F V] := scaled_count 4 (-1074) n ltac:(lia) ltac:(lra) ltac:(rewrite /emin; lia).
have [Fn En] := ofNat_val (S n) ltac:(rewrite S_INR; lra).
move=> _ Fs; rewrite V; apply: Rmult_le_compat_l; first by nra.
refine (above_finite _ _ _ Fs); refine (addingUp_above _ _ _ _ _ _).
  by apply/above_fin; [exact: Fn | rewrite En S_INR; apply: Rle_refl].
exact: (above_val _ Fl).
Qed.

End Shift.

(** The test in real numbers: D the diagonal before the shift and sh after it, W the scaled middle, [away] the radii. *)
Lemma shifted_positive n (B St W away : nat -> nat -> R) (D sh x : nat -> R) (q top : R) :
  1 <= INR n -> 0 < top -> 0 <= q -> 0 < norm2 n x ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> 0 <= away i j) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> away i j = away j i) ->
  (forall i, (i < n)%nat -> sh i <= D i - ((INR n + 1) * eta + sum n (away i))
    - (q * sum n (fun k => D k + 2 * (INR k + 1) * eta) + 4 * INR n * eta * (INR n + 1 + top))) ->
  0 <= sum n (fun k => D k + 2 * (INR k + 1) * eta) ->
  (forall i j, (i < n)%nat -> (j < n)%nat ->
    B i j = St i j + ((if Nat.eqb i j then D i - sh i else 0) + (B i j - W i j))) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> Rabs (B i j - W i j) <= away i j + eta / 2) ->
  - (q * sum n (fun j => sh j + INR j * eta) + INR n * ((INR n + 1 + top) * eta)) * norm2 n x <= form n St x ->
  0 < form n B x.
Proof.
move=> n1 top0 q0 N away0 sym down traces split_ far low; have e0 := eta_pos.
set shiftR := q * _ + _ in down; pose errR k := (INR n + 1) * eta + sum n (away k).
have gap0 : 0 < INR n * ((INR n + 1 + top) * eta).
  by apply: Rmult_lt_0_compat; [lra | apply: Rmult_lt_0_compat; lra].
have shift0 : 0 <= shiftR by have := Rmult_le_pos _ _ q0 traces; rewrite /shiftR; lra.
rewrite (form_ext n B _ x split_) form_add (form_add n (fun i j => if Nat.eqb i j then D i - sh i else 0)) form_diag.
have diag : sum n (fun i => errR i * (x i * x i)) + shiftR * norm2 n x <= sum n (fun i => (D i - sh i) * (x i * x i)).
  rewrite /norm2 -sum_scale -sum_add; apply: sum_le => i hi.
  rewrite -Rmult_plus_distr_r; apply: Rmult_le_compat_r; first exact: Rle_0_sqr.
  by have := down i hi; rewrite /errR; lra.
have sym' i j : (i < n)%nat -> (j < n)%nat -> away i j + eta / 2 = away j i + eta / 2.
  by move=> hi hj; rewrite sym.
have rest := form_row_sums n (fun i j => B i j - W i j) (fun i j => away i j + eta / 2) x far sym'.
have rows : sum n (fun i => sum n (fun j => away i j + eta / 2) * (x i * x i)) <= sum n (fun i => errR i * (x i * x i)).
  apply: sum_le => i _; apply: Rmult_le_compat_r; first exact: Rle_0_sqr.
  by rewrite sum_add sum_const /errR; have := pos_INR n; nra.
have tr : q * sum n (fun j => sh j + INR j * eta) <= q * sum n (fun k => D k + 2 * (INR k + 1) * eta).
  apply: Rmult_le_compat_l => //; apply: sum_le => j hj.
  have a0 : 0 <= sum n (away j) by apply: sum_ge0 => k hk; apply: away0.
  have ie : 0 <= INR j * eta by apply: Rmult_le_pos; [apply: pos_INR | lra].
  have ne : 0 <= INR n * eta by apply: Rmult_le_pos; lra.
  by have := down j hj; lra.
have gap : 0 < shiftR - (q * sum n (fun j => sh j + INR j * eta) + INR n * ((INR n + 1 + top) * eta)).
  by rewrite /shiftR; lra.
have := Rmult_lt_0_compat _ _ gap N; move: rest => /Rabs_le_inv[r _].
by lra.
Qed.

(** ** The test *)

Section Definiteness.
Variables (n : nat) (exponent : nat -> Z) (middle : nat -> nat -> double) (radius : option (nat -> nat -> double)).

(** Entry (i, j) of S A S, S a diagonal of powers of two. *)
Definition scale (i j : nat) : double := literal 1 (exponent i + exponent j).
Definition scaled (i j : nat) : double := fmul (middle i j) (scale i j).
Definition scaledRadius (r : nat -> nat -> double) (i j : nat) : double :=
  addingUp (fmul (r i j) (scale i j)) leastNonzero.

(** errors[k], as entries (j, k), j < k, and then (k, j), j >= k, of the upper triangle add to it. *)
Fixpoint radii (r : nat -> nat -> double) (k m : nat) : double :=
  match m with
  | O => fmul (ofNat (S n)) leastNonzero
  | S j => addingUp (radii r k j) (scaledRadius r (Nat.min k j) (Nat.max k j))
  end.
Definition errors (k : nat) : double :=
  if radius is Some r then radii r k n else fmul (ofNat (S n)) leastNonzero.

Definition shifted (i j : nat) : double :=
  if Nat.eqb i j then
    subtractingDown (subtractingDown (scaled i i) (errors i)) (shift n (fun k => scaled k k))
  else scaled i j.

(** [positiveDefiniteness] answers `positive`; the kernel also asks that the diagonal of the middle be positive. *)
Definition positiveDefiniteness : Prop :=
  (forall i, (i < n)%nat -> flt zero (scaled i i) && is_finite (scaled i i)) /\ completes n shifted.

(** A lies inside the enclosure, as far as the upper triangle says. *)
Definition encloses (A : nat -> nat -> R) : Prop := forall i j, (i <= j < n)%nat -> fin (middle i j) ->
  if radius is Some r then fin (r i j) -> Rabs (A i j - val (middle i j)) <= val (r i j)
  else A i j = val (middle i j).

Hypothesis small : INR n <= 67108864.
Hypothesis exponent_range : forall i, (i < n)%nat -> (-511 <= exponent i <= 511)%Z.
Hypothesis passes : positiveDefiniteness.
Variable A : nat -> nat -> R.
Hypothesis symmetric : forall i j, (i < n)%nat -> (j < n)%nat -> A i j = A j i.
Hypothesis inside : encloses A.

Notation scaleR i j := (bpow (exponent i + exponent j)).
Notation SAS i j := (A i j * scaleR i j).

Lemma scale_val i j : (i < n)%nat -> (j < n)%nat -> fin (scale i j) /\ val (scale i j) = scaleR i j.
Proof.
by move=> /exponent_range hi /exponent_range hj; apply: pow2_val; lia.
Qed.

(** Multiplying by a power of two is exact up to underflow. *)
Lemma rnd_scaled x e : format x -> Rabs (rnd (x * bpow e) - x * bpow e) <= eta / 2.
Proof.
move=> Fx; have e0 := eta_pos; case: (Req_dec x 0) => [->|x0].
  by rewrite Rmult_0_l rnd0 Rminus_0_r Rabs_R0; lra.
case: (Z_le_gt_dec (emin + prec - mag radix2 x) e) => h.
  have F : format (x * bpow e) by apply: mult_bpow_exact_FLT.
  by rewrite (rnd_id _ F) Rminus_diag_eq // Rabs_R0; lra.
apply: Rle_trans (error_le_half_ulp radix2 fexp _ _) _.
rewrite ulp_FLT_small; last by rewrite /eta; lra.
rewrite Rabs_mult (Rabs_pos_eq (bpow e)); first exact: bpow_ge_0.
apply: (Rlt_le_trans _ (bpow (mag radix2 x) * bpow e)).
  by apply: Rmult_lt_compat_r; [apply: bpow_gt_0 | apply: bpow_mag_gt].
by rewrite -bpow_plus; apply: bpow_le; lia.
Qed.

Lemma scaled_val i j : (i < n)%nat -> (j < n)%nat -> fin (scaled i j) ->
  fin (middle i j) /\ Rabs (val (scaled i j) - val (middle i j) * scaleR i j) <= eta / 2.
Proof.
move=> hi hj /fmul_fin[F _ ->]; split=> //; have [_ ->] := scale_val i j hi hj.
exact: rnd_scaled.
Qed.

Lemma diagonal i : (i < n)%nat -> fin (scaled i i) /\ 0 < val (scaled i i).
Proof. by move=> h; have /andP[p F] := passes.1 i h; split=> //; apply: (flt_fin zero _ isT F p). Qed.

Lemma upper_fin i j : (i <= j < n)%nat -> fin (scaled i j).
Proof.
move=> h; case: (Nat.eq_dec i j) => [<-|ne]; first by have [] := diagonal i ltac:(lia).
by have := start_fin n shifted passes.2 i j h; rewrite /shifted (proj2 (Nat.eqb_neq i j) ne).
Qed.

(** How far S A S is from the scaled middle, without the underflow. *)
Definition away (i j : nat) : R := Rabs (SAS i j - val (middle (Nat.min i j) (Nat.max i j)) * scaleR i j).

Lemma away_sym i j : (i < n)%nat -> (j < n)%nat -> away i j = away j i.
Proof. by move=> hi hj; rewrite /away Nat.min_comm Nat.max_comm (symmetric i j) // Z.add_comm. Qed.

Lemma addingUp_infinite x a b : ~~ (is_finite a && is_finite b) -> above x (addingUp a b).
Proof.
move=> h; rewrite /addingUp /twoSum; set e := fadd (fsub a _) _.
case: (boolP (is_finite (fadd a b))) => [/fadd_fin[Fa Fb _]|]; first by rewrite Fa Fb in h.
by case: (fadd a b) => [?|[]||? ? ? ?].
Qed.

Lemma scaledRadius_above r i j : radius = Some r -> (i <= j < n)%nat -> above (away i j) (scaledRadius r i j).
Proof.
move=> Er h; have hi : (i < n)%nat by lia.
have hj : (j < n)%nat by lia.
case: (boolP (is_finite (fmul (r i j) (scale i j)))) => Fm; last first.
  by apply: addingUp_infinite; rewrite (negbTE Fm).
have [Fr _ E] := fmul_fin _ _ Fm; have [_ Es] := scale_val i j hi hj.
have [Fmid _] := scaled_val i j hi hj (upper_fin i j h).
have := inside i j h Fmid; rewrite Er => /(_ Fr) ar; rewrite /away Nat.min_l ?Nat.max_r; try lia.
have s0 := bpow_gt_0 radix2 (exponent i + exponent j).
have -> : SAS i j - val (middle i j) * scaleR i j = (A i j - val (middle i j)) * scaleR i j by ring.
rewrite Rabs_mult (Rabs_pos_eq (scaleR i j)); first lra.
have := rnd_scaled (val (r i j)) (exponent i + exponent j) (format_val _); rewrite -Es -E => /Rabs_le_inv[low _].
have := Rmult_le_compat_r _ _ _ (Rlt_le _ _ s0) ar; rewrite -Es => m.
have [Fe Ee] := literal_val 1 (-1074) ltac:(lia) ltac:(discriminate)
  (int_huge 1 (-1074) ltac:(lia) ltac:(discriminate)).
apply: (above_le _ (val (fmul (r i j) (scale i j)) + eta)); first by have := eta_pos; lra.
refine (addingUp_above _ _ _ _ _ _); first exact: (above_val _ Fm).
by apply/above_fin; [exact: Fe | rewrite Ee Rmult_1_l; apply: Rle_refl].
Qed.

Lemma underflows_val : fin (fmul (ofNat (S n)) leastNonzero) /\
  val (fmul (ofNat (S n)) leastNonzero) = (INR n + 1) * eta.
Proof.
have [F E] := ofNat_val (S n) ltac:(rewrite S_INR; lra).
have [Fe Ee] := literal_val 1 (-1074) ltac:(lia) ltac:(discriminate)
  (int_huge 1 (-1074) ltac:(lia) ltac:(discriminate)).
have E1 : val (ofNat (S n)) * val leastNonzero = IZR (Z.of_nat (S n)) * bpow (-1074).
  by rewrite E Ee -INR_IZR_INZ Rmult_1_l.
have m1 : (Z.abs (Z.of_nat (S n)) < 2 ^ 53)%Z.
  apply: lt_IZR; rewrite abs_IZR -INR_IZR_INZ Rabs_pos_eq; first exact: pos_INR.
  by rewrite S_INR; apply: (Rle_lt_trans _ 67108865); lra.
have [F2 V2] := fmul_exact _ _ _ _ F Fe E1 m1 ltac:(rewrite /emin; lia).
by split=> //; rewrite V2 -INR_IZR_INZ S_INR.
Qed.

Lemma errors_above k : (k < n)%nat -> above ((INR n + 1) * eta + sum n (away k)) (errors k).
Proof.
move=> hk; have [F E] := underflows_val; rewrite /errors; case Er : radius => [r|]; last first.
  rewrite (sum_ext n _ (fun _ => 0)) ?sum0 ?Rplus_0_r.
    move=> j hj; rewrite /away; have h : (Nat.min k j <= Nat.max k j < n)%nat by lia.
    have -> : A k j = A (Nat.min k j) (Nat.max k j).
      by case: (Nat.le_ge_cases k j) => kj; [rewrite Nat.min_l ?Nat.max_r | rewrite Nat.min_r ?Nat.max_l // symmetric].
    move: (Nat.min k j) (Nat.max k j) h => a b h.
    have [Fm _] := scaled_val a b ltac:(lia) ltac:(lia) (upper_fin a b h).
    by have := inside a b h Fm; rewrite Er => ->; rewrite Rminus_diag_eq // Rabs_R0.
  by apply/above_fin; [exact: F | rewrite E; apply: Rle_refl].
suff : forall m, (m <= n)%nat -> above ((INR n + 1) * eta + sum m (away k)) (radii r k m) by apply.
elim=> [|m IH] hm.
  by rewrite /= Rplus_0_r; apply/above_fin; [exact: F | rewrite E; apply: Rle_refl].
have -> : (INR n + 1) * eta + sum (S m) (away k) = (INR n + 1) * eta + sum m (away k) + away k m by rewrite /=; ring.
refine (addingUp_above _ _ _ _ (IH ltac:(lia)) _).
have := scaledRadius_above r (Nat.min k m) (Nat.max k m) Er ltac:(lia).
case: (Nat.le_ge_cases k m) => km; first by rewrite Nat.min_l // Nat.max_r.
by rewrite Nat.min_r // Nat.max_l // away_sym //; lia.
Qed.

Lemma scaled_split i j : (i < n)%nat -> (j < n)%nat ->
  SAS i j = start shifted i j + ((if Nat.eqb i j then val (scaled i i) - val (shifted i i) else 0)
    + (SAS i j - val (scaled (Nat.min i j) (Nat.max i j)))).
Proof.
move=> _ _; rewrite /start; case: (Nat.eq_dec i j) => [<-|ne]; first by rewrite Nat.min_id Nat.max_id Nat.eqb_refl;
  ring.
rewrite (proj2 (Nat.eqb_neq i j) ne) {1}/shifted (proj2 (Nat.eqb_neq _ _)); first lia.
by ring.
Qed.

Lemma scaled_far i j : (i < n)%nat -> (j < n)%nat ->
  Rabs (SAS i j - val (scaled (Nat.min i j) (Nat.max i j))) <= away i j + eta / 2.
Proof.
move=> hi hj; have h : (Nat.min i j <= Nat.max i j < n)%nat by lia.
apply: Rle_trans (Rplus_le_compat_l (away i j) _ _ (proj2 (scaled_val _ _ _ _ (upper_fin _ _ h)))); try lia.
have -> : (exponent (Nat.min i j) + exponent (Nat.max i j) = exponent i + exponent j)%Z.
  by case: (Nat.le_ge_cases i j) => ij; [rewrite Nat.min_l ?Nat.max_r | rewrite Nat.min_r ?Nat.max_l // Z.add_comm].
rewrite /away (Rabs_minus_sym (val (scaled _ _))); apply: Rle_trans (Rabs_triang _ _).
by apply: Req_le; congr Rabs; ring.
Qed.

Theorem positiveDefiniteness_scaled : posdef n (fun i j => SAS i j).
Proof.
move=> x x0; have [k0 k1] := kappa_bounds n small; have e0 := eta_pos; have N := norm2_pos n x x0.
have n0 : (0 < n)%nat by case: x0 => i hi _; lia.
have n1 : 1 <= INR n by apply: (le_INR 1); lia.
have [Fl max] := largest_max (fun k => scaled k k) n (fun k hk => proj1 (diagonal k hk)).
have Sh := shift_above n small (fun k => scaled k k) diagonal.
move: (val (largest _ n)) max Sh => top max Sh {Fl}.
have q0 : 0 <= kappa n / (1 - kappa n) by apply: Rmult_le_pos; [lra | apply/Rlt_le/Rinv_0_lt_compat; lra].
have D0 i (h : (i < n)%nat) : 0 < val (scaled i i) := proj2 (diagonal i h).
have traces : 0 <= sum n (fun k => val (scaled k k) + 2 * (INR k + 1) * eta).
  by apply: sum_ge0 => k /D0; have := pos_INR k; move: (val _) => *; nra.
have top0 : 0 < top := Rlt_le_trans _ _ _ (D0 _ n0) (max _ n0).
have down i : (i < n)%nat -> val (shifted i i) <= val (scaled i i) - ((INR n + 1) * eta + sum n (away i))
  - (kappa n / (1 - kappa n) * sum n (fun k => val (scaled k k) + 2 * (INR k + 1) * eta)
    + 4 * INR n * eta * (INR n + 1 + top)).
  move=> hi; have F := start_fin n shifted passes.2 i i ltac:(lia); move: (F).
  rewrite {1 2}/shifted Nat.eqb_refl => F'; refine (below_finite _ _ _ F').
  refine (subtractingDown_below _ _ _ _ _ Sh); refine (subtractingDown_below _ _ _ _ _ (errors_above i hi)).
  exact: (below_val _ (proj1 (diagonal i hi))).
have away0 i j : (i < n)%nat -> (j < n)%nat -> 0 <= away i j by move=> _ _; apply: Rabs_pos.
have topE i : (i < n)%nat -> val (shifted i i) <= top.
  move=> hi; have a0 := sum_ge0 n (away i) (fun j hj => away0 i j hi hj).
  move: (down i hi) (max i hi) (Rmult_le_pos _ _ q0 traces); cbv beta.
  move: (val (shifted i i)) (val (scaled i i)) (_ * sum n _) => s d t h1 h2 h3.
  have := Rmult_lt_0_compat (INR n * eta) (INR n + 1 + top) ltac:(nra) ltac:(lra).
  by have := Rmult_lt_0_compat (INR n) eta ltac:(lra) e0; lra.
exact: (shifted_positive n _ _ _ away (fun i => val (scaled i i)) (fun i => val (shifted i i)) x _ top n1 top0 q0 N
  away0 away_sym down traces scaled_split scaled_far (completes_form n shifted passes.2 small top topE x)).
Qed.

(** The matrix itself: powers of two in and out. *)
Theorem positiveDefiniteness_sound : posdef n A.
Proof.
move=> x [i hi xi]; pose y i := x i * bpow (- exponent i).
have -> : form n A x = form n (fun i j => SAS i j) y.
  apply: sum_ext => a _; apply: sum_ext => b _; rewrite /y bpow_plus.
  have ea : bpow (- exponent a) * bpow (exponent a) = 1 by rewrite -bpow_plus Z.add_opp_diag_l.
  have eb : bpow (- exponent b) * bpow (exponent b) = 1 by rewrite -bpow_plus Z.add_opp_diag_l.
  transitivity (x a * (bpow (- exponent a) * bpow (exponent a)) * A a b
    * (bpow (- exponent b) * bpow (exponent b)) * x b); first by rewrite ea eb; ring.
  by ring.
apply: positiveDefiniteness_scaled; exists i => //.
by apply: Rmult_integral_contrapositive_currified => //; apply: Rgt_not_eq; apply: bpow_gt_0.
Qed.

End Definiteness.
