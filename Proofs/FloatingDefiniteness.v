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
by apply/above_fin; [exact: Fl | apply: Rle_refl].
Qed.

End Shift.
