// Generated from contracts/ by `npm run generate`. Do not edit.
export const participantRegistryAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IAccessManager",
        "name": "authority",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "log",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "guardianship",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "emergencies",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "forwarder",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "AlreadyPatient",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "ApplicationChanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "size",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "max",
        "type": "uint256"
      }
    ],
    "name": "BatchSizeInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint48",
        "name": "deadline",
        "type": "uint48"
      }
    ],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "ExpiryInPast",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "NotEmergencies",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "NotGuardianship",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "NotLog",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      }
    ],
    "name": "NotManager",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "NotPatient",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "NotVerified",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "organisation",
        "type": "address"
      }
    ],
    "name": "NotYourMember",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PidMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      }
    ],
    "name": "PidTaken",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "internalType": "enum ProviderStatus",
        "name": "actual",
        "type": "uint8"
      },
      {
        "internalType": "enum ProviderStatus",
        "name": "needed",
        "type": "uint8"
      }
    ],
    "name": "ProviderNotInStatus",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "RoleMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "signer",
        "type": "address"
      }
    ],
    "name": "SignatureInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "organisation",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "member",
        "type": "address"
      }
    ],
    "name": "MemberDropped",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "organisation",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "member",
        "type": "address"
      }
    ],
    "name": "MemberVouched",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "PatientRegistered",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialHash",
            "type": "bytes32"
          }
        ],
        "indexed": false,
        "internalType": "struct Application",
        "name": "application",
        "type": "tuple"
      }
    ],
    "name": "ProviderRegistered",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      }
    ],
    "name": "ProviderReinstated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "ProviderRenewed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      }
    ],
    "name": "ProviderSuspended",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "manager",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialHash",
            "type": "bytes32"
          }
        ],
        "indexed": false,
        "internalType": "struct Application",
        "name": "application",
        "type": "tuple"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "ProviderVerified",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "PublicKeyChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "from",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "to",
        "type": "address"
      }
    ],
    "name": "WalletChanged",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "AUDITOR_ROLE",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "AUTHORITY",
    "outputs": [
      {
        "internalType": "contract IAccessManager",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "LOG",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "MAX_PROVIDERS",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "changePublicKey",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address[]",
        "name": "members",
        "type": "address[]"
      }
    ],
    "name": "dropMembers",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "patient",
            "type": "address"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "bytes32",
            "name": "pid",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "publicKeyHash",
            "type": "bytes32"
          },
          {
            "internalType": "uint48",
            "name": "deadline",
            "type": "uint48"
          }
        ],
        "internalType": "struct Enrolment",
        "name": "enrolment",
        "type": "tuple"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "enrolPatient",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "isAuditor",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "isFree",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      }
    ],
    "name": "isManager",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "forwarder",
        "type": "address"
      }
    ],
    "name": "isTrustedForwarder",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "isVerified",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "isVerifiedAndPatient",
    "outputs": [
      {
        "internalType": "bool",
        "name": "verified",
        "type": "bool"
      },
      {
        "internalType": "bool",
        "name": "known",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      }
    ],
    "name": "managerRole",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "moveWallet",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      }
    ],
    "name": "patientAt",
    "outputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "wallet",
        "type": "address"
      }
    ],
    "name": "patientOf",
    "outputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "providerOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "enum ProviderStatus",
            "name": "status",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bool",
            "name": "vouched",
            "type": "bool"
          }
        ],
        "internalType": "struct Provider",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "publicKeyHashOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "area",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "pid",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "publicKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "registerPatient",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialHash",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Application",
        "name": "application",
        "type": "tuple"
      }
    ],
    "name": "registerProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "manager",
            "type": "address"
          },
          {
            "components": [
              {
                "internalType": "enum Role",
                "name": "role",
                "type": "uint8"
              },
              {
                "internalType": "uint32",
                "name": "area",
                "type": "uint32"
              },
              {
                "internalType": "address",
                "name": "organisation",
                "type": "address"
              },
              {
                "internalType": "bytes32",
                "name": "credentialHash",
                "type": "bytes32"
              }
            ],
            "internalType": "struct Application",
            "name": "application",
            "type": "tuple"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          },
          {
            "internalType": "uint48",
            "name": "deadline",
            "type": "uint48"
          }
        ],
        "internalType": "struct Voucher",
        "name": "voucher",
        "type": "tuple"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "registerVerifiedProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "reinstateProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "renewProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "slotOfProvider",
    "outputs": [
      {
        "internalType": "ProviderSlot",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "manager",
        "type": "address"
      }
    ],
    "name": "suspendForReview",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "suspendForStrikes",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      }
    ],
    "name": "suspendProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "trustedForwarder",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "provider",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "enum Role",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "area",
            "type": "uint32"
          },
          {
            "internalType": "address",
            "name": "organisation",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialHash",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Application",
        "name": "application",
        "type": "tuple"
      },
      {
        "internalType": "uint48",
        "name": "expiresAt",
        "type": "uint48"
      }
    ],
    "name": "verifyProvider",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "provider",
            "type": "address"
          },
          {
            "components": [
              {
                "internalType": "enum Role",
                "name": "role",
                "type": "uint8"
              },
              {
                "internalType": "uint32",
                "name": "area",
                "type": "uint32"
              },
              {
                "internalType": "address",
                "name": "organisation",
                "type": "address"
              },
              {
                "internalType": "bytes32",
                "name": "credentialHash",
                "type": "bytes32"
              }
            ],
            "internalType": "struct Application",
            "name": "application",
            "type": "tuple"
          },
          {
            "internalType": "uint48",
            "name": "expiresAt",
            "type": "uint48"
          }
        ],
        "internalType": "struct Verification[]",
        "name": "verifications",
        "type": "tuple[]"
      }
    ],
    "name": "verifyProviders",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address[]",
        "name": "members",
        "type": "address[]"
      }
    ],
    "name": "vouchForMembers",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "patient",
        "type": "address"
      }
    ],
    "name": "walletOf",
    "outputs": [
      {
        "internalType": "address",
        "name": "wallet",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
